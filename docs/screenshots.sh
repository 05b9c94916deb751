#!/bin/sh
# Images of HTML pages (reports, comparisons, sweeps) as a desktop and a phone show them, light and dark:
#
#   docs/screenshots.sh FOLDER PAGE.html...
#
# leaves FOLDER/NAME-{desktop,phone}-{light,dark}.png for each page; 'PAGE.html#Heading' begins with that heading.
# Needs Chromium (CHROMIUM names another binary). HEIGHT is that of the desktop's images, in pixels (1600).
set -eu
[ $# -ge 2 ] || { sed -n '2,7p' "$0" >&2; exit 2; }
to=$1
shift
mkdir -p "$to"
to=$(cd "$to" && pwd)
for page in "$@"; do
  file=${page%%#*}
  path=$(cd "$(dirname "$file")" && pwd)/$(basename "$file")
  name=$(basename "$(dirname "$path")")-$(basename "$path" .html)
  if [ "$file" != "$page" ]; then
    shown=$to/$name-part.html
    {
      cat "$path"
      printf '<script>{ const h = [...document.querySelectorAll("h2")].find((e) => e.textContent === "%s");' "${page#*#}"
      printf ' while (h.previousSibling) h.previousSibling.remove(); }</script>'
    } >"$shown"
    path=$shown
    name=$name-part
  fi
  for screen in desktop:1100,"${HEIGHT:-1600}" phone:390,2400; do
    for scheme in light dark; do
      dark=
      [ $scheme = light ] || dark=--blink-settings=preferredColorScheme=0
      "${CHROMIUM:-chromium}" --headless --no-sandbox --disable-gpu --hide-scrollbars $dark \
        --window-size="${screen#*:}" --screenshot="$to/$name-${screen%%:*}-$scheme.png" "file://$path" 2>"$to/chromium.log" \
        || { cat "$to/chromium.log" >&2; exit 1; }
    done
  done
  [ "$file" = "$page" ] || rm "$path"
done
rm -f "$to/chromium.log"
