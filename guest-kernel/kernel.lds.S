/* SPDX-License-Identifier: LGPL-2.1-or-later
   The kernel's link map. Each section runs at KERNEL_BASE + where it is loaded, except the trampoline at 4:4. */
#include "layout.inc"

OUTPUT_FORMAT(elf32-i386)
ENTRY(start)

PHDRS {
    text PT_LOAD FLAGS(5);
    data PT_LOAD FLAGS(6);
    trampoline_text PT_LOAD FLAGS(5);
    trampoline_data PT_LOAD FLAGS(6);
    bss PT_LOAD FLAGS(6);
    appended PT_LOAD FLAGS(4);
}

SECTIONS {
    . = KERNEL_BASE + KERNEL_LOAD;
    kernel_start = .;
    .text : AT(ADDR(.text) - KERNEL_BASE) {
        KEEP(*(.multiboot))
        *(.text .text.*)
        text_end = .;
        . = ALIGN(32);
        *(.rodata .rodata.*)
    } :text

    /* Tables that the linker collects. SUBALIGN: the compiler may align each file's part, which would leave gaps. */
    .workloads : AT(ADDR(.workloads) - KERNEL_BASE) SUBALIGN(4) {
        workloads_start = .;
        KEEP(*(.workloads))
        workloads_end = .;
    } :text
    .guest_tests : AT(ADDR(.guest_tests) - KERNEL_BASE) SUBALIGN(4) {
        guest_tests_start = .;
        KEEP(*(.guest_tests))
        guest_tests_end = .;
    } :text
    .fault_operations : AT(ADDR(.fault_operations) - KERNEL_BASE) SUBALIGN(4) {
        fault_operations_start = .;
        KEEP(*(.fault_operations))
        fault_operations_end = .;
    } :text

    . = ALIGN(4096);
    .data : AT(ADDR(.data) - KERNEL_BASE) {
        *(.data .data.*)
        constructors_start = .;
        *(.init_array .init_array.* .ctors)
        constructors_end = .;
    } :data
    ASSERT(constructors_start == constructors_end, "a global object needs a constructor at run time: nothing would call it")

    . = ALIGN(4096);
    trampoline_load = . - KERNEL_BASE;
    .trampoline_text TRAMPOLINE_ADDRESS : AT(trampoline_load) {
        trampoline_start = .;
        *(.trampoline.text)
        . = ALIGN(4096);
    } :trampoline_text
    .trampoline_data : AT(trampoline_load + SIZEOF(.trampoline_text)) {
        trampoline_data_start = .;
        *(.trampoline.data)
        . = ALIGN(4096);
        trampoline_end = .;
    } :trampoline_data

    . = KERNEL_BASE + trampoline_load + SIZEOF(.trampoline_text) + SIZEOF(.trampoline_data);
    .bss : AT(ADDR(.bss) - KERNEL_BASE) {
        *(.bss .bss.* COMMON)
        . = ALIGN(4096);
    } :bss

    /* Whole pages, which the kernel gives to the zones when it has unpacked them. */
    .initramfs : AT(ADDR(.initramfs) - KERNEL_BASE) {
        initramfs_start = .;
        KEEP(*(.initramfs))
        initramfs_end = .;
        . = ALIGN(4096);
    } :appended

    /* The names of all functions: empty when build-aux/link-kernel links for the first time, and behind all else, so that
       nothing moves when it is filled. */
    .symbols : AT(ADDR(.symbols) - KERNEL_BASE) {
        symbols_start = .;
        KEEP(*(.symbols))
        symbols_end = .;
        . = ALIGN(4096);
    } :appended
    kernel_end = .;
    ASSERT(kernel_end - KERNEL_BASE <= BOOT_MAPPING, "the image is larger than what boot.S maps")

    /DISCARD/ : { *(.note .note.* .comment .eh_frame .eh_frame_hdr) }
}
