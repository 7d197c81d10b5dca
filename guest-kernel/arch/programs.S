// SPDX-License-Identifier: LGPL-2.1-or-later
// The ring-3 programs, linked apart (programs.lds) and carried in the kernel image.

    .section .rodata
    .balign 4
    .globl program_image, program_image_end
program_image:
    .incbin "programs.elf"
program_image_end:
