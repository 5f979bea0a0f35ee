#!/usr/bin/env bash
# ./run.sh: a demo town on this machine. `./run.sh --help` says more.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")"

port=8443 dir=var/demo fresh=no lang='' lan=no walkthrough=no
case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in zh*) default_lang=zh ;; *) default_lang=en ;; esac

help() {
  cat <<'TEXT'
Usage: ./run.sh [--port P] [--dir D] [--fresh] [--lang zh|en] [--lan]
       ./run.sh --walkthrough [--lang zh|en]

Builds Defenbao, founds a small demo town and serves it at https://localhost:8443
(terminals at the next port) until Ctrl-C.

  --port P        the town's port (8443); terminals use P+1
  --dir D         the town's folder (var/demo); kept between runs
  --fresh         remove that folder first and found the town anew
  --lang zh|en    the language of what is printed (from LANG)
  --lan           listen on this machine's network address instead of localhost, put it
                  into the certificate, and print the address as a QR code for a phone
  --walkthrough   drive a fresh town once without a person: enrol, check in, redeem,
                  refund, cancel, audit; exit status 0 only if every step held
  --help          this text

Needs Debian 12. Packages that are missing are installed as root or by sudo.
TEXT
}
refuse() {
  echo "run.sh: $1 (./run.sh --help)" >&2
  exit 2
}

serving='' # the last option that says how to serve: nothing for a walkthrough
while [ $# -gt 0 ]; do
  case "$1" in
    --port | --dir | --fresh | --lan) serving=$1 ;;
  esac
  case "$1" in
    --port | --dir | --lang) [ $# -ge 2 ] || refuse "$1 wants a value" ;;
  esac
  case "$1" in
    --port) port=$2; shift ;;
    --dir) dir=$(cd "$here" && realpath -m -- "$2"); shift ;;
    --lang) lang=$2; shift ;;
    --fresh) fresh=yes ;;
    --lan) lan=yes ;;
    --walkthrough) walkthrough=yes ;;
    --help | -h) help; exit 0 ;;
    *) refuse "unknown argument: $1" ;;
  esac
  shift
done
lang=${lang:-$default_lang}
[[ $port =~ ^0*[0-9]{1,5}$ ]] && port=$((10#$port)) && [ "$port" -ge 1 ] && [ "$port" -le 65534 ] ||
  refuse "--port is a number from 1 to 65534"
[ "$lang" = zh ] || [ "$lang" = en ] || refuse "--lang is zh or en"
[ $walkthrough = no ] || [ -z "$serving" ] || refuse "--walkthrough has a town of its own and takes no $serving"

say() { if [ "$lang" = zh ]; then echo "$1"; else echo "$2"; fi; }
cannot() { # ZH EN
  say "run.sh：$1" "run.sh: $2" >&2
  exit 2
}

# What would stand in the way is looked for before a log is emptied, anything is built, or a folder removed.
# A server holds this lock as long as it serves the folder.
refuse_if_served() {
  local status=0
  [ -e "$dir/ledger.db.lock" ] || return 0
  flock --nonblock --conflict-exit-code 75 "$dir/ledger.db.lock" true || status=$?
  [ $status -ne 75 ] || cannot "$dir 正在由另一个程序使用：先停止它（什么都没有改动）" \
    "$dir is being served by another program: stop that first (nothing was changed)"
}
refuse_if_port_taken() { # ADDRESS
  local each
  for each in "$port" $((port + 1)); do
    (exec 3<>"/dev/tcp/$1/$each") 2>/dev/null || continue
    cannot "端口 $each 已被占用：停止那个程序，或用 --port 另选（什么都没有改动）" \
      "port $each is taken: stop the program that listens there, or choose another by --port (nothing was changed)"
  done
}
is_empty() { [ -d "$1" ] && [ -z "$(ls -A -- "$1")" ]; }

host=localhost
if [ $lan = yes ]; then
  host=$(ip -4 -o addr show scope global 2>/dev/null | awk '{sub("/.*", "", $4); print $4; exit}') || host=''
  [ -n "$host" ] || host=$(hostname -I 2>/dev/null | awk '{print $1}') || host=''
  [ -n "$host" ] || cannot "--lan：没有找到本机的网络地址" "--lan: this machine has no network address"
fi
if [ $walkthrough = no ]; then
  if [ -e "$dir" ] && ! [ -f "$dir/server.conf" ] && ! is_empty "$dir"; then
    cannot "$dir 里没有示范小镇，也不是空文件夹：用 --dir 另选一个" \
      "$dir holds no demo town and is not an empty folder; choose another by --dir"
  fi
  refuse_if_served
  refuse_if_port_taken "${host/localhost/127.0.0.1}"
fi

mkdir -p build
log=build/run.log
: >"$log"
# What runs in the background is a process group of its own: Ctrl-C reaches this script alone, which ends the group.
job='' server=''
background() { # background LOG COMMAND…: its id is in $!
  local to=$1
  shift
  set -m
  "$@" </dev/null >>"$to" 2>&1 &
  set +m
}
stop_all() {
  local group
  for group in $job $server; do
    kill -TERM -- "-$group" 2>/dev/null || true
    wait "$group" 2>/dev/null || true
  done
  job='' server=''
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# phase N/M ZH EN COMMAND…: runs it with its output in the log, showing the time that has passed.
phase() {
  local step=$1 title start=$SECONDS status=0 progress
  title=$(say "$2" "$3")
  shift 3
  if [ "$1" = .ci/install ]; then # in the foreground: sudo may ask for a password
    [ -t 1 ] && printf '[%s] %s … ' "$step" "$title"
    "$@" >>"$log" 2>&1 || status=$?
    report
    return
  fi
  background "$log" "$@"
  job=$!
  while kill -0 "$job" 2>/dev/null; do
    if [ -t 1 ]; then
      progress=$(tail -c 400 "$log" | grep -aoE '^\[[0-9]+/[0-9]+\]' | tail -1 || true)
      printf '\r[%s] %s … %d:%02d %s ' "$step" "$title" $(((SECONDS - start) / 60)) $(((SECONDS - start) % 60)) "$progress"
    fi
    sleep 0.2
  done
  wait "$job" || status=$?
  job=''
  report
}
# The phase's last word; uses its variables.
report() {
  [ -t 1 ] && printf '\r\033[K'
  printf '[%s] %s … %d:%02d\n' "$step" "$title" $(((SECONDS - start) / 60)) $(((SECONDS - start) % 60))
  if [ $status -ne 0 ]; then
    say "失败。日志 $log 的最后 20 行：" "That failed. The last 20 lines of $log:" >&2
    tail -20 "$log" >&2
    exit $((status == 2 ? 2 : 1))
  fi
}
build() { cmake --preset release && cmake --build build --parallel 2; }

steps=4
[ $lan = no ] || steps=5
[ $walkthrough = no ] || steps=2
phase 1/$steps "安装软件包" "packages" .ci/install run
phase 2/$steps "编译" "building" build

bin=$PWD/build/bin
pages=$bin/resident
if [ $walkthrough = yes ]; then
  mkdir -p var
  exec "$bin/defenbao-demo" walkthrough --bin "$bin" --pages "$pages" --dir "$PWD/var/walkthrough" --lang "$lang"
fi

refuse_if_served # again: a build takes a while
[ $fresh = no ] || rm -rf "$dir"
found() { [ -f "$dir/server.conf" ] || "$bin/defenbao-demo" make --dir "$dir" --port "$port" --pages "$pages"; }
phase 3/$steps "建立示范小镇" "founding the town" found
# The configuration names its files by their whole paths: it follows a folder that was moved.
now_at=$(realpath -m -- "$dir")
was_at=$(sed -n 's|^database = "\(.*\)/ledger.db"$|\1|p' "$dir/server.conf")
if [ -n "$was_at" ] && [ "$was_at" != "$now_at" ]; then
  conf=$(<"$dir/server.conf")
  printf '%s\n' "${conf//"$was_at/"/"$now_at/"}" >"$dir/server.conf"
fi

extra=()
if [ $lan = yes ]; then
  certify() {
    [ -f "$dir/tls/lan-$host.crt" ] ||
      "$bin/defenbao-certs" issue server --dir "$dir/ca" --name "$host" --san localhost --san IP:127.0.0.1 \
        --san "IP:$host" --out "$dir/tls/lan-$host"
  }
  phase 4/$steps "为局域网地址签发证书" "a certificate for the network address" certify
  extra=(--address "$host" --cert "$dir/tls/lan-$host.crt" --cert-key "$dir/tls/lan-$host.key")
fi

server_log=$dir/server.log
ready() {
  for _ in $(seq 300); do
    grep -q ' ready: ' "$server_log" && return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  cat "$server_log"
  return 1
}
: >"$server_log"
background "$server_log" "$bin/defenbao-server" --config "$dir/server.conf" --port "$port" --pages "$pages" "${extra[@]}"
server=$!
phase $steps/$steps "启动服务" "starting the server" ready
stopped() {
  stop_all
  say "已停止。" "Stopped."
  exit 0
}
trap stopped INT TERM HUP

url=https://$host:$port
printf -v ca '%q' "$dir/ca.crt"
if [ "$lang" = zh ]; then
  cat <<TEXT

德分宝示范小镇已在运行：${url}（商户终端端口 $((port + 1))）

  浏览器信任本镇证书（每种一条命令）：
    Chromium  mkdir -p ~/.pki/nssdb && certutil -d sql:\$HOME/.pki/nssdb -A -t C,, -n defenbao-demo -i $ca   （软件包 libnss3-tools)
    Firefox   for d in ~/.mozilla/firefox/*.default*; do certutil -d sql:\$d -A -t C,, -n defenbao-demo -i $ca; done
  示范人物在 $dir/people.json，例如（命令从本文件夹 $PWD 运行）：
TEXT
else
  cat <<TEXT

The demo town of Defenbao is running: $url (terminals on port $((port + 1)))

  To trust the town's certificate, one command each:
    Chromium  mkdir -p ~/.pki/nssdb && certutil -d sql:\$HOME/.pki/nssdb -A -t C,, -n defenbao-demo -i $ca   (package libnss3-tools)
    Firefox   for d in ~/.mozilla/firefox/*.default*; do certutil -d sql:\$d -A -t C,, -n defenbao-demo -i $ca; done
  The demo people are in $dir/people.json, for instance (commands: from this folder, $PWD):
TEXT
fi
"$bin/defenbao-demo" people --dir "$dir" --url "$url" --lang "$lang"
printf -v folder '%q' "$dir"
pinned="--key $folder/log.vkey --genesis $folder/genesis.hash --token $folder/auditor.token --ca $ca"
town="--dir $folder --url $url"
if [ "$lang" = zh ]; then
  cat <<TEXT
  每个链接只能用一次，在哪部手机或浏览器打开，就登记那一部；网格员和管理员打开后，多一页“店员”。
  网格员和驿站的手，另开一个终端来做：
    核验新登记的居民  build/bin/defenbao-demo verify $town --account 页面上的账号
    驿站此刻的现场码  build/bin/defenbao-demo site $town --community lijing
    无手机者的卡      build/bin/defenbao-demo card $town --pin 六位密码
  外部审计（log.vkey 与 genesis.hash 应另外留存）：
    build/bin/defenbao-audit --log $url/log $pinned
TEXT
else
  cat <<TEXT
  Each link serves once and brings in the phone or browser that opens it; officers and administrators have a
  page more there, for the shops' people. An officer's and a station's hands, from another terminal:
    verify who joined         build/bin/defenbao-demo verify $town --account ACCOUNT_ON_THE_PAGE
    a station's code now      build/bin/defenbao-demo site $town --community lijing
    a card, without a phone   build/bin/defenbao-demo card $town --pin SIX_DIGITS
  To audit from outside (log.vkey and genesis.hash are what to keep elsewhere):
    build/bin/defenbao-audit --log $url/log $pinned
TEXT
fi
[ $lan = yes ] && "$bin/defenbao-demo" qr "$url"
say "按 Ctrl-C 停止。" "Ctrl-C stops it."
wait "$server" || true
say "服务已退出，日志在 $server_log:" "The server ended; its log $server_log says:" >&2
tail -5 "$server_log" >&2
exit 1
