#!/bin/sh
# Healthy when the server has heard from the worker in this container within three minutes (it reports each
# minute). That proves more than a live process: the way there, the namespace and the worker's loop.
set -eu

since=$(date --utc --date '3 minutes ago' +%Y-%m-%dT%H:%M:%SZ)
temporal worker list --output json \
    --query "HostName = '$(hostname)' AND Status = 'Running' AND HeartbeatTime > '$since'" |
    grep --quiet workerInstanceKey
