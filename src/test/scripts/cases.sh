#!/usr/bin/env bash
# Files that people really have, and every command, through the command line in JVMs of their own:
# with data made for it, and with the originals where ../shared (or DESCRY_SHARED) holds them.
set -euo pipefail
cd "$(dirname "$0")/../../.."
mvn -B -ntp -q -Pslow -Dtest='CasesTest,CommandsTest' test
