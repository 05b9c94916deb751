#!/bin/sh
# Makes the reference models anew, or those that are named; see README.md beside this file.
set -e
cd "$(dirname "$0")/.."

make() { # NAME JOB [train's options]
  name=$1
  job=$2
  shift 2
  java -jar target/descry.jar train "resources/jobs/$job.yaml" --force \
    --set name="$name" --set output.dir=target/models "$@"
  java -jar target/descry.jar export "target/models/$name/model.zip" --force \
    --format dl4j --out "models/$name.zip" --test --license Apache-2.0
}

[ $# -gt 0 ] || set -- shapes-classifier shapes-captioner word-rnn
for model; do
  case $model in
    shapes-classifier) make shapes-classifier shapes-convnet ;;
    shapes-captioner) make shapes-captioner shapes-captions ;;
    word-rnn) make word-rnn word-rnn ;;
    *)
      echo "models/make.sh: there is no model $model" >&2
      exit 2
      ;;
  esac
done
