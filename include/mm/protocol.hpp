// SPDX-License-Identifier: LGPL-2.1-or-later
// How a guest tells zonescope what it is doing: 32-bit writes to two I/O ports that no PC device uses, so that the
// same kernel runs unchanged where nobody listens. doc/guest-protocol.md explains it with an example.
//
//   outl(argument_port, word)      appends one argument word; at most max_arguments are kept
//   outl(command_port, op << 24 | operand)   performs the command with all arguments so far, then forgets them
//
// A name is its bytes, four to a word, little endian, padded with NULs to a whole word.
#pragma once

#include <stdint.h>

namespace mm::protocol {

inline constexpr uint16_t command_port = 0x5A50;
inline constexpr uint16_t argument_port = 0x5A54;
inline constexpr uint32_t version = 1;
inline constexpr unsigned max_arguments = 64;     // words
inline constexpr unsigned max_span_names = 4096;  // span ids are 0 .. max_span_names-1

// The operand is the low 24 bits of the command word.
enum class Op : uint8_t {
    hello = 1,       // operand: version. Arguments: guest's name. Forgets all zones, regions and span names.
    zone = 2,        // operand: node. Arguments: start frame, end frame (exclusive, holes included), present pages, name.
    region = 3,      // operand: 0. Arguments: start, end (linear, exclusive; 0 means 4 GiB), name.
    symbols = 4,     // operand: 0. Arguments: file name of the ELF that holds the guest's symbols.
    span_name = 5,   // operand: span id. Arguments: name.
    span_begin = 6,  // operand: span id. One instance of a measured operation begins; spans nest.
    span_end = 7,    // operand: span id, that of the innermost open span.
    mark = 8,        // operand: any number; recorded with its time.
    result = 9,      // operand: 0 the guest's run is good, otherwise how many of its tests or workloads failed.
    flush_reason = 10,  // operand: a FlushReason. Until the next one, what the guest flushes is charged to it.
    page_table = 11,  // operand: a PageTable. Argument: the frame of a page table, directory or page-directory-pointer table.
};

// Why a kernel flushes, where the instruction alone does not tell.
enum class FlushReason : uint8_t { none, kmap_wrap, vmalloc_purge };
inline constexpr uint32_t flush_reasons = 3;

// What happens to a frame that holds page tables: no walk may read it from `freed` until it is `allocated` again.
enum class PageTable : uint8_t { freed, allocated };
inline constexpr uint32_t page_table_events = 2;

constexpr uint32_t command(Op op, uint32_t operand) { return uint32_t{static_cast<uint8_t>(op)} << 24 | (operand & 0xFFFFFF); }
constexpr Op op_of(uint32_t word) { return static_cast<Op>(word >> 24); }
constexpr uint32_t operand_of(uint32_t word) { return word & 0xFFFFFF; }

static_assert(op_of(command(Op::span_end, 77)) == Op::span_end && operand_of(command(Op::span_end, 77)) == 77);

// The region names that the tools know (others are accepted and listed as they are): the one with this name makes a
// CR3 write executed in it a split switch, not a context switch.
inline constexpr char trampoline_region[] = "trampoline";

}  // namespace mm::protocol
