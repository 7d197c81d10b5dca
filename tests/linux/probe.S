# SPDX-License-Identifier: LGPL-2.1-or-later
# As far as a boot loader can tell a Linux kernel (Linux: Documentation/arch/x86/boot.rst): says on port 0xE9 what it was given, powers off.
# as --32 -o probe.o probe.S && ld -m elf_i386 -Ttext=0 --oformat binary -o probe probe.o
        .code16
        .globl  _start

        .set    cmd_line_ptr, 0x228
        .set    ramdisk_size, 0x21C
        .set    debug_port, 0xE9
        .set    shutdown_port, 0x8900

_start:
        .org    0x1F1
        .byte   4                       # setup_sects
        .word   0
        .long   32                      # syssize, in paragraphs
        .word   0, 0, 0
        .word   0xAA55
        .byte   0xEB, start - 0x202     # a jump, which says where the header ends
        .ascii  "HdrS"
        .word   0x020C                  # version of the protocol
        .long   0
        .word   0
        .word   version - 0x200         # kernel_version
        .byte   0
        .byte   1                       # loadflags: LOADED_HIGH
        .word   0
        .long   0x100000                # code32_start
        .org    0x22C
        .long   0x37FFFFFF              # initrd_addr_max
        .long   0x100000                # kernel_alignment
        .byte   0, 0
        .word   0                       # xloadflags
        .long   2047                    # cmdline_size
        .org    0x258
        .quad   0x100000                # pref_address
        .long   0x1000                  # init_size
        .long   0
        .org    0x26C

# Real mode; DS is the segment of the boot sector, CS 0x20 more.
start:  cld
        mov     $before_line, %si
        call    say
        mov     cmd_line_ptr, %eax
        mov     %eax, %ebx
        shr     $4, %eax
        mov     %ax, %es
        and     $15, %bx
1:      mov     %es:(%bx), %al
        test    %al, %al
        jz      2f
        out     %al, $debug_port
        inc     %bx
        jmp     1b
2:      mov     $before_size, %si
        call    say
        mov     ramdisk_size, %eax
        mov     $10, %ebx               # decimal digits, the last one first
        xor     %cx, %cx
3:      xor     %edx, %edx
        div     %ebx
        push    %dx
        inc     %cx
        test    %eax, %eax
        jnz     3b
4:      pop     %ax
        add     $'0', %al
        out     %al, $debug_port
        loop    4b
        mov     $'\n', %al
        out     %al, $debug_port
        mov     $shutdown_port, %dx
        mov     $shutdown, %si
        mov     $8, %cx
        rep outsb
        cli
        hlt

say:    lodsb
        test    %al, %al
        jz      1f
        out     %al, $debug_port
        jmp     say
1:      ret

before_line: .asciz "command line: "
before_size: .asciz "\ninitramfs bytes: "
shutdown: .ascii "Shutdown"
version: .asciz "1.2.3-probe (nobody@nowhere) #1"
        .org    5 * 512
        .skip   32 * 16                 # the kernel proper, which never runs
