# Bulla.  `make` builds build/bulla; `make help` lists the rest.

VERSION   := 0.1.0

BUILD     ?= build
PREFIX    ?= /usr/local
DESTDIR   ?=
ifeq ($(origin CC),default)
CC        := gcc
endif
OPT       ?= -O2 -g
WERROR    ?=
SAN       ?=

# Test data and other OpenPGP programs that are not part of this repository; what
# needs them is skipped where they are absent.  Tests change directory: the paths are whole.
SPECDATA  ?= ../shared/specdata
override SPECDATA := $(abspath $(wildcard $(SPECDATA)))
override PEERS := $(abspath $(PEERS))
export SPECDATA PEERS CC
export BUILD := $(BUILD)


WARN      := -Wall -Wextra -Wshadow -Wconversion -Wvla -Wstrict-prototypes -Wmissing-prototypes \
             -Wformat=2 -Wpointer-arith -Wcast-align -Wundef $(if $(WERROR),-Werror)
HARDEN    := -fstack-protector-strong -fPIE -fno-strict-overflow $(if $(SAN),,-D_FORTIFY_SOURCE=2)
CPPFLAGS  += -D_GNU_SOURCE $(if $(SAN),-DSANITIZED) -DBULLA_VERSION='"$(VERSION)"' -Isrc -I. -I$(BUILD)/gen
ALL_CFLAGS = -std=gnu11 $(OPT) $(WARN) $(HARDEN) $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer) $(CFLAGS)
RELRO     := -Wl,-z,relro,-z,now
ALL_LDFLAGS = -pie $(RELRO) $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)
# The program holds its libraries where they can be had so (STATIC=0: never): finding and joining
# them takes a process longer than what it was started for (doc/performance.md).
STATIC    ?= $(if $(SAN),0,1)
STATIC_LD := $(if $(filter 1,$(STATIC)),-static-pie $(RELRO) $(LDFLAGS))
LIBS      := -lhogweed -lnettle -lgmp -largon2 -lz -lbz2 -lsqlite3 -lpthread

# The program is built with the banned functions turned into errors.
BAN       := -include src/base/ban.h

SOURCES   := $(wildcard src/*/*.c keyring/*.c)
OBJECTS   := $(SOURCES:%.c=$(BUILD)/obj/%.o)
LIBRARY   := $(BUILD)/libbulla.a
MAIN      := $(BUILD)/obj/src/cli/main.o

UNIT      := $(wildcard tests/unit/test_*.c)
UNIT_HELP := $(filter-out $(UNIT),$(wildcard tests/unit/*.c))
UNIT_BIN  := $(UNIT:tests/unit/%.c=$(BUILD)/tests/%)
KIT       := $(UNIT_HELP:tests/%.c=$(BUILD)/kit/%.o)

# A fuzzer brings its own main; replay.c is one that only runs files.
FUZZ      := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_BIN  := $(FUZZ:tests/fuzz/%.c=$(BUILD)/fuzz/%)
FUZZER    ?=
FUZZ_HELP := $(BUILD)/kit/fuzz/setup.o $(if $(FUZZER),,$(BUILD)/kit/fuzz/replay.o)
FUZZ_TIME ?= 30

BENCH_BIN := $(addprefix $(BUILD)/bench/,gencerts gennet measure netbrute)
BENCH_NET := $(addprefix $(BUILD)/kit/bench/,netplan.o netshape.o netmake.o steady.o)
FAULT_BIN := $(addprefix $(BUILD)/,fault/walk fault/killer.so shared/bulla)

V         ?= 0
Q         := $(if $(filter 1,$(V)),,@)
say        = $(if $(filter 1,$(V)),,@printf '  %-5s %s\n' '$(1)' '$(2)')

## all            build/bulla
all: $(BUILD)/bulla

$(BUILD)/obj/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(BAN) -MMD -MP -c $< -o $@

# SQL as a C string: comments and empty lines out, the rest quoted.
$(BUILD)/gen/%.inc: keyring/%.sql
	$(call say,GEN,$<)
	$(Q)mkdir -p $(@D)
	$(Q)sed -e 's/ *--.*//' -e '/^ *$$/d' -e 's/.*/"&\\n"/' $< > $@

$(BUILD)/obj/keyring/schemas.o: $(BUILD)/gen/schema.inc

$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/bulla: $(MAIN) $(LIBRARY)
	$(call say,LD,$@)
	$(Q)$(if $(STATIC_LD),$(CC) $(ALL_CFLAGS) $(STATIC_LD) -o $@ $(MAIN) $(LIBRARY) $(LIBS) -lm 2>$(BUILD)/static.log ||) \
	    $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(MAIN) $(LIBRARY) $(LIBS)

# The same with shared libraries, for what comes between the program and those.
$(BUILD)/shared/bulla: $(MAIN) $(LIBRARY)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(MAIN) $(LIBRARY) $(LIBS)

# What tests share is not the program, and may use what it may not.
$(BUILD)/kit/%.o: tests/%.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/tests/%: tests/unit/%.c $(KIT) $(LIBRARY)
	$(call say,TEST,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit $(ALL_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(KIT) $(LIBRARY) $(LIBS) -lcmocka

$(BUILD)/fuzz/%: $(BUILD)/kit/fuzz/%.o $(FUZZ_HELP) $(KIT) $(LIBRARY)
	$(call say,FUZZ,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(FUZZER) -o $@ $< $(FUZZ_HELP) $(KIT) $(LIBRARY) $(LIBS) -lcmocka

# What is beside the program when it is measured, or made to fail.
$(BUILD)/bench/gennet: $(BENCH_NET)
$(BUILD)/bench/gencerts: $(BUILD)/kit/bench/steady.o
$(BUILD)/bench/netbrute: $(BUILD)/kit/bench/netplan.o
$(BENCH_BIN) $(BUILD)/fault/walk: $(BUILD)/%: $(BUILD)/kit/%.o $(LIBRARY)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIBRARY) $(LIBS)

$(BUILD)/fault/%.so: tests/fault/%.c
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -std=gnu11 $(OPT) $(WARN) -fPIC -shared -o $@ $< -ldl

.SECONDARY: $(OBJECTS) $(KIT) $(BENCH_NET) $(FUZZ:tests/%.c=$(BUILD)/kit/%.o) $(FUZZ_HELP)
-include $(patsubst $(BUILD)/%,$(BUILD)/kit/%.d,$(BENCH_BIN) $(BUILD)/fault/walk) $(BENCH_NET:.o=.d)
-include $(OBJECTS:.o=.d) $(UNIT_BIN:=.d) $(KIT:.o=.d) $(FUZZ:tests/%.c=$(BUILD)/kit/%.d) $(FUZZ_HELP:.o=.d)

# Tests.  Each list is of suites for tests/run; see there.
LINT      := $(addprefix tests/lint/,layers doors code headers text metrics generated)
CLI       := $(wildcard tests/cli/*.bats)
GNUPG     := $(wildcard tests/interop/gnupg-*.bats)
SOP       := $(wildcard tests/interop/sop-*.bats)
EDITS     := tests/interop/key-edits.bats tests/interop/key-life.bats
CERTS     := tests/interop/certs.bats
FAULTS    := tests/fault/walks tests/fault/stress
COLLECTED := $(wildcard tests/collections/*.bats)
VECTORS   := $(addprefix $(BUILD)/tests/,$(basename $(notdir $(wildcard \
             $(foreach set,wycheproof botan vectors sig_corpus mutate rfc9580 bind_fixtures,tests/unit/test_$(set)*.c)))))
INTEROP   := $(foreach peer,gnupg22 gnupg24,$(GNUPG:=@$(peer))) \
             $(foreach peer,sqop rsop gosop openpgpjs,$(SOP:=@$(peer))) \
             $(foreach peer,sq sqop rsop gosop gnupg22 gnupg24,$(EDITS:=@$(peer))) \
             $(foreach peer,sq sqop gnupg22 gnupg24,$(CERTS)@$(peer)) \
             $(filter-out $(GNUPG) $(SOP) $(EDITS) $(CERTS),$(wildcard tests/interop/*.bats))
# First, so that the last ones to run are short.
SLOW      := $(filter %/rnp.bats %@rsop %@openpgpjs %/limits.bats %/messages.bats,$(INTEROP) $(CLI) $(COLLECTED))
CPUS      := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
RUN       := tests/run -o $(BUILD)/results

unit: $(UNIT_BIN)

# Programs that measurements and tests use beside the one under test.
tools: $(BENCH_BIN) $(FAULT_BIN)

## check          everything that must hold: lint, unit tests, vectors, commands, other programs
check: all unit tools
	$(Q)$(RUN) $(LINT) $(SLOW) $(filter-out $(SLOW),$(INTEROP) $(COLLECTED) $(FAULTS) $(CLI)) $(UNIT_BIN)

## check-unit     unit tests and vectors only
check-unit: unit
	$(Q)$(RUN) $(UNIT_BIN)

## check-vectors  published vectors, and the collections of files in SPECDATA
check-vectors: all unit
	$(Q)$(RUN) $(VECTORS) $(COLLECTED)

## check-cli      the commands only
check-cli: all tools
	$(Q)$(RUN) $(CLI)

## check-interop  with GnuPG and, where PEERS names their folder, the other programs
check-interop: all tools
	$(Q)$(RUN) $(INTEROP)

## check-faults   commands that are killed, or whose disk is full or broken (FULL=1: at every write)
check-faults: all tools
	$(Q)$(RUN) $(FAULTS)

## interop        the same, and then a table of what works with which program
interop: all tools
	$(Q)code=0; $(RUN) $(INTEROP) || code=1; tests/interop/table $(BUILD)/results; exit $$code

# With sanitizers: what works with keys and messages.  Damaged and monstrous input, and inspect,
# have the mutation tests and the fuzzers; of what is left out besides, little is C.
ASAN_CLI  := $(filter-out tests/cli/tamper% $(foreach suite,limits inspect terminal usage streams failures \
             interrupts passphrase names moment trust-hostile trust-graph daily-trust \
             cert-accept cert-files cert-certify key-ends key-subkeys sop-keyedit keyring-check, \
             tests/cli/$(suite).bats),$(CLI))

## check-asan     unit tests and commands under the address and undefined behaviour sanitizers
check-asan:
	$(Q)$(MAKE) BUILD=$(BUILD)-asan SAN=address,undefined CFLAGS=-fno-sanitize-recover=all WERROR=1 \
	    all unit $(BUILD)-asan/bench/gencerts
	$(Q)BUILD=$(BUILD)-asan tests/run -o $(BUILD)-asan/results $(UNIT_BIN:$(BUILD)/%=$(BUILD)-asan/%) $(ASAN_CLI)

TSAN_UNIT := $(addprefix $(BUILD)-tsan/tests/,test_pool test_chunks test_cfb test_stream test_files)

## check-tsan     the parallel parts under the thread sanitizer
check-tsan:
	$(Q)$(MAKE) BUILD=$(BUILD)-tsan SAN=thread WERROR=1 all $(TSAN_UNIT)
	$(Q)BUILD=$(BUILD)-tsan tests/run -o $(BUILD)-tsan/results $(TSAN_UNIT) tests/cli/streams.bats tests/cli/batch.bats

## check-valgrind the main commands under valgrind
check-valgrind: all $(BUILD)/shared/bulla
	$(Q)VALGRIND=1 $(RUN) tests/cli/mainjob.bats

# With libFuzzer, which only clang has; `make fuzz-files` takes any compiler.
FUZZ_MAKE := $(MAKE) CC=clang BUILD=$(BUILD)-fuzz SAN=address,undefined,fuzzer-no-link FUZZER=-fsanitize=fuzzer \
             CFLAGS=-fno-sanitize-recover=all

## fuzz           the fuzzers, and their seeds, in build-fuzz (clang; doc/HACKING.md)
fuzz: all
	+$(Q)$(FUZZ_MAKE) fuzz-files
	$(Q)tests/fuzz/seeds $(BUILD)/bulla $(BUILD)-fuzz/seeds

## fuzz-files     the same targets as programs that run the files they are given
fuzz-files: $(FUZZ_BIN)

## fuzz-smoke     each fuzzer for FUZZ_TIME (30) seconds, from the seeds
fuzz-smoke: fuzz
	$(Q)$(RUN) tests/fuzz/smoke

## oracle-trust   random webs of trust beside sq, and counted path by path (NETWORKS=500)
NETWORKS ?= 500
oracle-trust: all tools
	$(Q)tests/interop/trust-oracle $(NETWORKS)

## bench          messages and signatures, beside gpg, age and the stateless programs (doc/performance.md)
bench: all tools
	$(Q)tests/bench/speed

## bench-keyring  many certificates, beside gpg, sq and rnp (BENCH_MILLION=1: really many; doc/performance.md)
bench-keyring: all tools
	$(Q)tests/bench/keyring

## bench-trust    questions about webs of trust, beside sq and gpg (doc/web-of-trust.md)
bench-trust: all tools
	$(Q)tests/bench/trust

## lint           layers, doors, banned functions, headers, format, citations, sizes
lint:
	+$(Q)$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(CPUS)) all
	$(Q)$(RUN) $(LINT)

## metrics        sizes of functions and files, and the budget
metrics:
	$(Q)tests/lint/metrics

## format         put all C code into shape (clang-format 14)
format:
	find src keyring tests -name '*.[ch]' | xargs clang-format -i

## generated      completions and man pages from the command tables
generated: all
	$(Q)tests/generate $(BUILD)/bulla .

## install        to $(DESTDIR)$(PREFIX): program, man pages, completions
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install $(BUILD)/bulla $(DESTDIR)$(PREFIX)/bin/bulla
	ln -sf bulla $(DESTDIR)$(PREFIX)/bin/sop
	ln -sf bulla $(DESTDIR)$(PREFIX)/bin/sopv
	install -m 644 doc/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -D -m 644 completions/bulla.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/bulla
	install -D -m 644 completions/_bulla $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_bulla
	install -D -m 644 completions/bulla.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/bulla.fish

## uninstall      take it away again
uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/bin/,bulla sop sopv)
	for page in doc/man/*.1; do rm -f $(DESTDIR)$(PREFIX)/share/man/man1/$${page##*/}; done
	rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/bulla
	rm -f $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_bulla
	rm -f $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/bulla.fish

## clean          remove what was built
clean:
	rm -rf $(BUILD) $(BUILD)-*

## help           this list
help:
	$(Q)echo 'make [TARGET] [CC=clang] [WERROR=1] [BUILD=DIR] [SAN=address,undefined] [STATIC=0] [V=1]'
	$(Q)sed -n 's/^## /  /p' Makefile

.PHONY: all unit check check-unit check-vectors check-cli check-interop interop check-asan \
        check-tsan check-valgrind fuzz fuzz-files fuzz-smoke lint metrics format generated \
        install uninstall clean help tools check-faults bench-keyring bench-trust oracle-trust bench
