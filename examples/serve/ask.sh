#!/bin/sh
# Asks a server of models/ about an image: ask.sh IMAGE [ADDRESS]
set -eu
address=${2:-http://127.0.0.1:8080}

curl -sS --fail-with-body --data-binary @"$1" -H 'Content-Type: application/octet-stream' \
  "$address/v1/models/shapes-classifier/predict?top=2"
echo
curl -sS --fail-with-body --data-binary @"$1" -H 'Content-Type: application/octet-stream' \
  "$address/v1/models/shapes-captioner/caption?beam=3"
echo
# Several at once, as a form of files has them.
curl -sS --fail-with-body -F one=@"$1" -F other=@"$1" "$address/v1/models/shapes-classifier/predict"
echo
curl -sS --fail-with-body -H 'Content-Type: application/json' \
  -d '{"prompt": "今天", "length": 4, "greedy": true}' "$address/v1/models/word-rnn/generate"
echo
