#!/bin/sh
# Writes !ping and uses /greet as the guild's owner, waits for the bot, and shows the channel.
set -eu
sim="$1/_sim/v1"
health=$(curl -sf "$sim/health")

id() { printf '%s' "$health" | sed -E "s/.*\"$1\":\"([0-9]+)\".*/\1/"; }
post() { curl -sf "$sim/$1" -H 'content-type: application/json' -d "$2"; }

user=$(id user)
channel=$(id channel)
post actor/send_message '{"user":"'"$user"'","channel":"'"$channel"'","text":"!ping"}' > /dev/null
post wait '{"match":{"event":"MESSAGE_CREATE","data":{"content":"Pong!"}},"timeout_ms":10000}' > /dev/null
post actor/slash \
  '{"user":"'"$user"'","channel":"'"$channel"'","name":"greet","options":{"name":"Ada"}}' > /dev/null
curl -sf "$sim/channels/$channel/transcript?user=$user&limit=4"
