#!/usr/bin/env bash
# Installs what the tests need, builds everything, checks the format and runs every test project.
#   bash tests/run.sh [filter]      the filter of dotnet test, e.g. FullyQualifiedName~Mqtt
# The last line is "N passed, N failed, N skipped"; a step that fails counts as one failure.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

readonly filter=${1:-}
readonly results=$PWD/TestResults
readonly project_limit=15m
passed=0 failed=0 skipped=0

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
# Golden files are compared here, never rewritten.
unset UPDATE_GOLDEN
# Brokers are in sbin, which is not in everybody's PATH.
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

step() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }

fail() {
  printf 'FAILED: %s\n' "$1" >&2
  failed=$((failed + 1))
}

finish() {
  if ((passed + failed == 0)); then fail 'no test ran'; fi
  step 'Done'
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  if ((failed > 0)); then exit 1; fi
  exit 0
}

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}

missing_packages() {
  command -v mosquitto >/dev/null || echo mosquitto
  command -v mosquitto_pub >/dev/null || echo mosquitto-clients
  command -v kcat >/dev/null || echo kcat
  command -v chromium-headless-shell >/dev/null || echo chromium-headless-shell
  command -v kubectl >/dev/null || echo kubernetes-client
}

apt_install() {
  as_root apt-get -o DPkg::Lock::Timeout=300 -qq update &&
    as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -qq -y --no-install-recommends install "$@"
}

install_tools() {
  local packages policy=/usr/sbin/policy-rc.d status=0
  mapfile -t packages < <(missing_packages)
  if ((${#packages[@]} == 0)); then return 0; fi
  echo "Installing ${packages[*]}"
  # Keeps Debian from starting a mosquitto of its own; the tests start theirs.
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  else
    policy=
  fi
  apt_install "${packages[@]}" || apt_install "${packages[@]}" || status=1
  if [[ -n $policy ]]; then as_root rm -f "$policy"; fi
  return "$status"
}

# attribute <name> <element>: the number in name="..."
attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$2"; }

# run_job <job>: the check of the format or a test project; what it prints goes to its log, its exit code beside it.
run_job() {
  local name status=0 began=$SECONDS
  name=$(basename "$1" .csproj)
  if [[ $1 == format ]]; then
    dotnet format Portal.sln --no-restore --verify-no-changes >"$results/$name.log" 2>&1 || status=$?
  else
    timeout --kill-after=10s "$project_limit" dotnet test "$1" --no-build ${filter:+--filter "$filter"} \
      --logger "trx;LogFileName=$results/$name.trx" --logger 'console;verbosity=minimal' >"$results/$name.log" 2>&1 || status=$?
  fi
  echo "$status" >"$results/$name.status"
  printf '%s took %d s\n' "$name" $((SECONDS - began))
}

# count_job <job>: shows what a job printed and counts what it found.
count_job() {
  local name report counters total bad=0 good=0 status
  name=$(basename "$1" .csproj)
  report=$results/$name.trx
  step "$name"
  cat "$results/$name.log"
  status=$(<"$results/$name.status")
  if [[ $1 == format ]]; then
    if ((status != 0)); then fail 'format; the cure is: dotnet format Portal.sln'; fi
    return
  fi
  counters=$(grep -o '<Counters [^>]*>' "$report" 2>/dev/null | head -n 1)
  if [[ -z $counters ]]; then
    if ((status == 124 || status == 137)); then
      fail "$name did not end within $project_limit"
    elif [[ -z $filter || $status != 0 ]]; then
      fail "$name left no report (exit code $status)"
    fi
    return
  fi
  total=$(attribute total "$counters")
  good=$(attribute passed "$counters")
  for kind in failed error timeout aborted; do
    bad=$((bad + $(attribute "$kind" "$counters")))
  done
  passed=$((passed + good))
  failed=$((failed + bad))
  # What is neither is skipped: the report's own count of skipped tests is always 0.
  skipped=$((skipped + total - good - bad))
  if ((total == 0)) && [[ -z $filter ]]; then fail "$name ran no test"; fi
  if ((status != 0 && bad == 0)); then fail "$name ended with exit code $status though no test failed"; fi
}

if ! command -v dotnet >/dev/null; then
  fail 'the .NET SDK is not installed: global.json names the version, https://dotnet.microsoft.com has it'
  finish
fi

step 'Tools'
install_tools || fail 'a Debian package could not be installed; tests that need it will fail'

step 'Restore'
dotnet restore Portal.sln -v q || dotnet restore Portal.sln -v q || { fail 'restore'; finish; }

step 'Build'
dotnet build Portal.sln --no-restore -v q || { fail 'build'; finish; }

rm -rf "$results"
mkdir -p "$results"

# Two jobs at a time, the longest first: most tests wait for a broker or a browser, and the format is checked meanwhile.
jobs=(tests/Portal.EndToEnd.Tests/Portal.EndToEnd.Tests.csproj tests/Portal.Messaging.Tests/Portal.Messaging.Tests.csproj format tests/Portal.Tests/Portal.Tests.csproj)
for project in tests/*/*.Tests.csproj; do
  if [[ " ${jobs[*]} " != *" $project "* ]]; then jobs+=("$project"); fi
done
step 'Format and tests, two at a time'
export -f run_job
export results filter project_limit
printf '%s\0' "${jobs[@]}" | xargs -0 -n 1 -P 2 bash -c 'run_job "$1"' run_job
for job in "${jobs[@]}"; do count_job "$job"; done
finish
