#!/usr/bin/env bash
# Prints the Python that the .venv is made with; or says on stderr what does not work, and the way out.
# PYTHON=… decides; else the one the .venv was made with; else 3.12 or 3.11, wherever it is found.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

version_of() { # a command that cannot run (a pyenv shim without its version, say) has no version
  "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null </dev/null
}

take_if_suitable() {
  case "$(version_of "$1")" in
    3.11 | 3.12)
      command -v "$1"
      exit 0
      ;;
  esac
}

explain() { # $1: what was found, or nothing
  local uv_way="uv python install 3.12 && make setup PYTHON=\"\$(uv python find 3.12)\""
  {
    echo "setup: Mingbai needs Python 3.11 or 3.12; ${1:-no Python was found}."
    case "${1:-}" in
      *" 3.13" | *" 3.14") echo "  Why: durable_rules 2.0.28 compiles on Python 3.13 and later, but its extension does not import there." ;;
      *" 3.10") echo "  Why: Python 3.10 and older lack what the code and its pinned libraries use." ;;
    esac
    echo "  Way out, one of:"
    if [ "$(uname)" = Darwin ]; then
      echo "    brew install python@3.12 && make setup"
    elif grep -qs '^ID=ubuntu' /etc/os-release; then
      echo "    sudo add-apt-repository -y ppa:deadsnakes/ppa && sudo apt-get install -y python3.12 python3.12-venv python3.12-dev && make setup"
    fi
    if command -v uv >/dev/null; then
      echo "    $uv_way"
    else
      echo "    install uv (for example: pipx install uv), then: $uv_way"
    fi
    echo "    pyenv install 3.12 && make setup PYTHON=\"\$(pyenv prefix 3.12)/bin/python\""
  } >&2
  exit 1
}

if [ -n "${PYTHON:-}" ]; then
  take_if_suitable "$PYTHON"
  found=$(version_of "$PYTHON")
  explain "PYTHON=$PYTHON ${found:+is }${found:-does not run}"
fi

if [ -f .venv/pyvenv.cfg ]; then
  made_with=$(sed -n 's/^executable = //p' .venv/pyvenv.cfg)
  [ -n "$made_with" ] && take_if_suitable "$made_with"
fi
take_if_suitable python3.12
take_if_suitable python3.11
take_if_suitable python3
for candidate in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[12].*/bin/python; do
  take_if_suitable "$candidate"
done
if command -v uv >/dev/null; then
  candidate=$(uv python find '>=3.11,<3.13' 2>/dev/null) && take_if_suitable "$candidate"
fi
found=$(version_of python3)
explain "${found:+python3 is $found}"
