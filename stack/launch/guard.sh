# Ends the processes it watches when its parent is gone: its standard input ends then, even after a SIGKILL.
# Reads lines: "watch SIGNAL PID" and "release SIGNAL PID".
trap '' INT TERM HUP
watched=''
while read -r verb signal pid; do
  case $verb in
    watch) watched="$watched $signal:$pid" ;;
    release)
      kept=''
      for entry in $watched; do [ "$entry" = "$signal:$pid" ] || kept="$kept $entry"; done
      watched=$kept
      ;;
  esac
done
for entry in $watched; do kill -s "${entry%%:*}" "${entry#*:}" 2>/dev/null; done
rounds=0
while [ $rounds -lt 75 ]; do
  alive=''
  for entry in $watched; do kill -0 "${entry#*:}" 2>/dev/null && alive=yes; done
  [ -z "$alive" ] && exit 0
  sleep 0.2
  rounds=$((rounds + 1))
done
for entry in $watched; do kill -s KILL "${entry#*:}" 2>/dev/null; done
