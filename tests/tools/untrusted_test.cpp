// SPDX-License-Identifier: LGPL-2.1-or-later
// Traces come from anywhere: what is in them costs bounded time and memory, and commands no terminal.
#include <elf.h>
#include <gtest/gtest.h>

#include <sstream>

#include "small_recording.hpp"
#include "small_trace.hpp"
#include "tools/dump.hpp"
#include "tools/error.hpp"
#include "tools/stat_inputs.hpp"
#include "tools/stat_output.hpp"
#include "tools/symbols.hpp"

namespace {

// An ELF file with so many tables of so many symbols; each symbol has the same name, a text of so many bytes.
std::string elf_file(unsigned tables, unsigned symbols, size_t name_bytes) {
    Elf32_Ehdr header{};
    std::copy_n(ELFMAG, SELFMAG, header.e_ident);
    header.e_ident[EI_CLASS] = ELFCLASS32, header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_shoff = sizeof header, header.e_shentsize = sizeof(Elf32_Shdr), header.e_shnum = static_cast<uint16_t>(1 + tables);
    const auto symbols_at = static_cast<uint32_t>(sizeof header + header.e_shnum * sizeof(Elf32_Shdr)), names_at = symbols_at + symbols * static_cast<uint32_t>(sizeof(Elf32_Sym));
    std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
    Elf32_Shdr names{};
    names.sh_type = SHT_STRTAB, names.sh_offset = names_at, names.sh_size = static_cast<uint32_t>(name_bytes + 1);
    bytes.append(reinterpret_cast<const char*>(&names), sizeof names);
    Elf32_Shdr table{};
    table.sh_type = SHT_SYMTAB, table.sh_offset = symbols_at, table.sh_size = symbols * static_cast<uint32_t>(sizeof(Elf32_Sym)), table.sh_link = 0;
    for (unsigned t = 0; t < tables; ++t) bytes.append(reinterpret_cast<const char*>(&table), sizeof table);
    for (unsigned n = 0; n < symbols; ++n) {
        Elf32_Sym s{};
        s.st_value = 0x1000 + 16 * n, s.st_size = 16, s.st_info = ELF32_ST_INFO(STB_GLOBAL, STT_FUNC);
        bytes.append(reinterpret_cast<const char*>(&s), sizeof s);
    }
    return bytes + std::string(name_bytes, 'f') + '\0';
}

TEST(Untrusted, AnElfFileHasOneTableOfSymbols) {
    const tests::TemporaryDirectory d;
    tests::write_file(d.path() / "one.elf", elf_file(1, 100, 8));
    EXPECT_EQ(tools::Symbols{d.path() / "one.elf"}.count(), 100u);
    tests::write_file(d.path() / "many.elf", elf_file(60000, 100, 8));
    EXPECT_EQ(tools::Symbols{d.path() / "many.elf"}.count(), 100u);
}

TEST(Untrusted, NamesOfSymbolsFitIntoTheirFile) {
    const tests::TemporaryDirectory d;
    tests::write_file(d.path() / "long.elf", elf_file(1, 50000, 1000000));  // 50 GB of names
    EXPECT_TRUE(tools::Symbols{d.path() / "long.elf"}.empty());
}

TEST(Untrusted, NoNameCommandsATerminal) {
    const tests::TemporaryDirectory d;
    std::string run = tests::SmallTrace::run_json();
    run.replace(run.find("HIGHMEM"), 7, R"(HIGH\u001b[2J\nMEM\u007f)");
    tests::StreamBuilder b{tests::SmallTrace::state()};
    b.add(100, mm::trace::SpanName{0, "\x1b]0;evil\x07"});
    b.add(101, mm::trace::Task{1, 0, "\x1b[31mred"});
    b.add(3000, mm::trace::Counters{0, 3000, {}, {}});
    tests::write_trace(d.path(), b.bytes(), run);
    tools::Trace trace{d.path()};
    std::ostringstream text;
    tools::dump(trace, {}, false, text);
    tools::Trace again{d.path()};
    tools::print_statistics(collect_statistics(again, {tests::golden()}), {}, text);
    EXPECT_NE(text.str().find("HIGH?[2J?MEM?"), std::string::npos) << text.str();
    EXPECT_NE(text.str().find("?]0;evil?"), std::string::npos);
    EXPECT_NE(text.str().find("?[31mred"), std::string::npos);
    EXPECT_EQ(text.str().find('\x1b'), std::string::npos);
    EXPECT_EQ(text.str().find('\x07'), std::string::npos);
}

TEST(Untrusted, ASweepOfAnythingIsRefused) {
    const tests::TemporaryDirectory d;
    for (const char* cell : {R"({"directory": 5, "good": true})", R"({"good": true})", R"({"directory": "a", "good": 1})", "3"}) {
        tests::write_file(d.path() / "sweep.json", std::string{R"({"schema": 1, "cells": [)"} + cell + "]}");
        EXPECT_THROW(static_cast<void>(tools::trace_directories({d.path()})), tools::InputError) << cell;
    }
}

}  // namespace
