// SPDX-License-Identifier: 0BSD
// Tells zonescope what a kernel does, by 32-bit writes to two ports that no PC has: elsewhere they do nothing. Copy this file into
// your kernel: there are no conditions. For 32-bit code, in C, C++ or GNU assembler. doc/guest-protocol.md explains the operations.
#ifndef ZONESCOPE_H
#define ZONESCOPE_H
#ifndef __ASSEMBLER__

static inline void zonescope_out(unsigned short port, unsigned value) { __asm__ volatile("outl %0, %1" : : "a"(value), "d"(port) : "memory"); }
static inline void zonescope_argument(unsigned value) { zonescope_out(0x5A54, value); }
static inline void zonescope_command(unsigned operation, unsigned operand) { zonescope_out(0x5A50, operation << 24 | (operand & 0xFFFFFF)); }
static inline void zonescope_text(const char *s) { // its bytes, four to a word
    for (int ended = 0; !ended; s += 4) {
        unsigned word = 0;
        for (int i = 0; i < 4 && !ended; i++) {
            if (s[i]) word |= (unsigned)(unsigned char)s[i] << 8 * i;
            else ended = 1;
        }
        zonescope_argument(word);
    }
}

// Once, in this order: who you are; your zones in frames of 4096 bytes (the end exclusive; how many of them are memory); your regions of linear
// addresses (the end exclusive, 0 for 4 GiB); the names of what you measure.
static inline void zonescope_hello(const char *name) { zonescope_text(name), zonescope_command(1, 1); }
static inline void zonescope_zone(const char *name, unsigned start, unsigned end, unsigned present) {
    zonescope_argument(start), zonescope_argument(end), zonescope_argument(present), zonescope_text(name), zonescope_command(2, 0);
}
static inline void zonescope_region(const char *name, unsigned start, unsigned end) {
    zonescope_argument(start), zonescope_argument(end), zonescope_text(name), zonescope_command(3, 0);
}
static inline void zonescope_span_name(unsigned span, const char *name) { zonescope_text(name), zonescope_command(5, span); }

// While the kernel runs. A page table's frame: after it is freed, before it is used.
static inline void zonescope_begin(unsigned span) { zonescope_command(6, span); }
static inline void zonescope_end(unsigned span) { zonescope_command(7, span); }
static inline void zonescope_mark(unsigned number) { zonescope_command(8, number); }
static inline void zonescope_table_freed(unsigned frame) { zonescope_argument(frame), zonescope_command(11, 0); }
static inline void zonescope_table_allocated(unsigned frame) { zonescope_argument(frame), zonescope_command(11, 1); }

// At the end: how many of your tests failed; then Bochs' way to power off, which a real machine ignores.
static inline void zonescope_result(unsigned failures) { zonescope_command(9, failures); }
static inline void zonescope_power_off(void) {
    for (const char *c = "Shutdown"; *c; c++) __asm__ volatile("outb %0, %1" : : "a"(*c), "d"((unsigned short)0x8900));
}

#else
// zonescope_begin, zonescope_end, zonescope_mark with a constant. They change EAX and EDX.
.macro zonescope_command operation, operand
    mov $0x5A50, %edx
    mov $(\operation << 24 | \operand), %eax
    out %eax, %dx
.endm
.macro zonescope_begin span
    zonescope_command 6, \span
.endm
.macro zonescope_end span
    zonescope_command 7, \span
.endm
.macro zonescope_mark number
    zonescope_command 8, \number
.endm
#endif
#endif
