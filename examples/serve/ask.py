"""Asks a server of models/ about an image: python3 ask.py IMAGE [ADDRESS]"""

import sys

import requests

address = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8080"
with open(sys.argv[1], "rb") as file:
    image = file.read()


def post(path, **request):
    answer = requests.post(address + path, timeout=30, **request)
    if not answer.ok:
        raise SystemExit(f"{answer.status_code}: {answer.json()['error']}")
    return answer.json()


raw = {"data": image, "headers": {"Content-Type": "application/octet-stream"}}
for prediction in post("/v1/models/shapes-classifier/predict?top=2", **raw)["predictions"]:
    print(f"{prediction['label']}: {prediction['probability']:.3f}")

print(post("/v1/models/shapes-captioner/caption?beam=3", **raw)["caption"])

prompt = {"prompt": "今天", "length": 4, "greedy": True}
print(post("/v1/models/word-rnn/generate", json=prompt)["text"])

# The Open Inference Protocol: one grey image as a tensor, its pixels from 0 to 255.
tensor = {"name": "image", "datatype": "FP32", "shape": [1, 3, 32, 32], "data": [128.0] * 3072}
output = post("/v2/models/shapes-classifier/infer", json={"id": "1", "inputs": [tensor]})["outputs"][0]
print(output["name"], output["shape"])
