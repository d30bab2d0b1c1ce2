#!/bin/sh
# SPDX-License-Identifier: ISC
# Makes the certificates of this folder anew: an authority that nobody trusts but these tests, and what
# it signed.  The key here is public and protects nothing; the authority's own is thrown away.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
: > "$work/index"
cat > "$work/ca.conf" <<CONF
[ca]
default_ca = own
[own]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
unique_subject = no
policy = any
[any]
commonName = supplied
CONF

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

# sign FILE NAME EXTENSIONS FIRST_YEAR LAST_YEAR ca-ARGUMENTS…
sign() {
    file=$1 name=$2 extensions=$3 first=$4 last=$5
    shift 5
    printf '%b' "$extensions" > "$work/extensions"
    openssl ca -batch -notext -config "$work/ca.conf" -extfile "$work/extensions" \
        -startdate "${first}0101000000Z" -enddate "${last}0101000000Z" -in "$work/$name.request" \
        -out "$file" "$@" 2> "$work/log" || { cat "$work/log"; exit 1; }
}
request() { openssl req -new -key "$1" -subj "/CN=$2" -out "$work/$2.request"; }

names='subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth\n'
new_key "$work/authority.key"
new_key server-key.pem
request "$work/authority.key" authority
sign authority.pem authority 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n' 2020 2120 \
    -selfsign -keyfile "$work/authority.key"
request server-key.pem localhost
by="-cert authority.pem -keyfile $work/authority.key"
sign server.pem localhost "$names" 2020 2120 $by
sign elsewhere.pem localhost 'subjectAltName=DNS:elsewhere.example\n' 2020 2120 $by
sign expired.pem localhost "$names" 2020 2021 $by
sign future.pem localhost "$names" 2119 2120 $by
sign selfsigned.pem localhost "$names" 2020 2120 -selfsign -keyfile server-key.pem
