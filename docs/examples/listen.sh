#!/bin/sh
# sh listen.sh NAME FACT [COUNT]: prints facts, from the oldest on, and goes on where it was. Needs the "nats" command line.
set -eu
name=$1 fact=$2 count=${3:-1}
# Where NATS has users, a user hears only what comes to an inbox of its own.
export NATS_INBOX_PREFIX="${NATS_INBOX_PREFIX:-_INBOX}"
consumer() { nats --inbox-prefix "$NATS_INBOX_PREFIX" consumer "$@"; }

# Once: a durable consumer, which remembers what it has delivered. It needs no acknowledgements.
consumer info FACTS "$name" >/dev/null 2>&1 ||
  consumer add FACTS "$name" --filter "*.fact.$fact.*" --deliver all --ack none --pull --defaults >/dev/null

consumer next FACTS "$name" --count "$count" --no-ack --raw
