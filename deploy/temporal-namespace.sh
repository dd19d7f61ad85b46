#!/bin/sh
# Makes the namespace and its search attributes; done already, it changes nothing.
# The tool reads where and which from TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.
set -eu

# Tries until it works, as a new server takes a while to answer and a new namespace a while to be known.
insist() {
    tries=30
    until "$@"; do
        tries=$((tries - 1))
        if [ "$tries" -eq 0 ]; then
            echo "Gave up: $*" >&2
            exit 1
        fi
        sleep 2
    done
}

have_namespace() {
    temporal operator namespace describe >/dev/null 2>&1 ||
        temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
}

insist temporal operator cluster health
insist have_namespace
for attribute in $SEARCH_ATTRIBUTES; do
    insist temporal operator search-attribute create --name "${attribute%%=*}" --type "${attribute##*=}"
done
