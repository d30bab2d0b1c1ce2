# SPDX-License-Identifier: ISC
# What people type.  Each goal first makes sure that the machine has what it needs (tools/setup,
# which does nothing when nothing is missing); CMake does the rest.
#
#   make            builds the programs into build/normal
#   make try        builds, starts a relay on this machine and runs the main job
#   make test       builds everything and runs every test
#   make figures    measures, prints one JSON object a line, and writes bench/README.md
#   make bench      the same up to ten million ANDs, and prints the page
#   make figures-page  the same for the page, in Chromium; writes its part of bench/README.md
#   make screenshots   every screen of the page, light and dark, into build/screens
#   make simulate   two people, a relay and faults, in SEEDS (default 1000) random ways
#   make fuzz       fuzzes every target for MINUTES (default 1) with libFuzzer
#   make format     lays the code out as .clang-format says
#   make install    installs programs, library and manual under PREFIX (default /usr/local); DESTDIR
#                   is respected
#   make clean      removes the build folders

PREFIX ?= /usr/local
DESTDIR ?=
MINUTES ?= 1
SEEDS ?= 1000
FIRST ?= 1

PROGRAMS = tacit tacit_cli tacit_relay_main

build:
	@tools/setup build
	@tools/build normal $(PROGRAMS)

try: build
	@tools/try build/normal/tacit

test:
	@tools/setup test
	@tools/test

figures:
	@tools/setup test >&2
	@tools/build normal figures crypto_bench curve_bench gates_bench growth stream_bench >&2
	@tools/figures

bench:
	@tools/setup test >&2
	@tools/build normal figures crypto_bench curve_bench gates_bench growth stream_bench >&2
	@tools/figures all >/dev/null
	@cat bench/README.md

figures-page:
	@tools/setup browser >&2
	@tools/build normal tacit_cli >&2
	@tools/wasm build/normal/wasm bench >&2
	@tools/figures-page

screenshots:
	@tools/setup browser
	@tools/build normal tacit_cli
	@node tests/web/screenshots.js build/screens
	@echo "The pictures are in build/screens."

simulate:
	@tools/setup test
	@tools/build normal simulate
	@build/normal/tests/simulate $(SEEDS) $(FIRST)

fuzz:
	@tools/setup fuzz
	@tools/build fuzz fuzzers
	@tools/fuzz $(MINUTES)

format:
	@tools/setup format
	@git ls-files -co --exclude-standard "*.c" "*.h" | xargs clang-format-14 -i

install:
	@tools/setup install
	@tools/build normal $(PROGRAMS) tacit_shared tacit_static man
	@DESTDIR="$(DESTDIR)" cmake --install build/normal --prefix "$(PREFIX)"

clean:
	rm -rf build

.PHONY: build try test figures figures-page screenshots bench simulate fuzz format install clean
