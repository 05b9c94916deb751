#!/bin/sh
# Images of HTML pages (reports, comparisons, sweeps) as a desktop and a phone show them, light and dark:
#
#   docs/screenshots.sh FOLDER PAGE.html...
#
# leaves FOLDER/NAME-{desktop,phone}-{light,dark}.png for each page. Needs Chromium (CHROMIUM names another binary).
set -eu
[ $# -ge 2 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
to=$1
shift
mkdir -p "$to"
for page in "$@"; do
  path=$(cd "$(dirname "$page")" && pwd)/$(basename "$page")
  name=$(basename "$(dirname "$path")")-$(basename "$page" .html)
  for screen in desktop:1100,1600 phone:390,2400; do
    for scheme in light dark; do
      dark=
      [ $scheme = light ] || dark=--blink-settings=preferredColorScheme=0
      "${CHROMIUM:-chromium}" --headless --no-sandbox --disable-gpu --hide-scrollbars $dark \
        --window-size="${screen#*:}" --screenshot="$to/$name-${screen%%:*}-$scheme.png" "file://$path" 2>"$to/chromium.log" \
        || { cat "$to/chromium.log" >&2; exit 1; }
    done
  done
done
rm -f "$to/chromium.log"
