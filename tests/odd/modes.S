// SPDX-License-Identifier: LGPL-2.1-or-later
// The ways between the processor's modes (SDM vol. 3, 10.8.5.4, 10.9 and 21.2). Each function begins and ends in protected mode with
// paging on, in memory that is mapped as it is.

    .set low_stub, 0x8000               // where mode_switches.cpp copies the 16-bit code to
    .set low_stack, 0x7000
    .set code32, 0x08
    .set data32, 0x10
    .set data_ring_3, 0x23
    .set code16, 0x18
    .set data16, 0x20
    .set code64, 0x28
    .set cr0_pe, 1
    .set cr0_pg, 0x80000000
    .set cr4_pae, 0x20
    .set msr_efer, 0xC0000080
    .set efer_lme, 0x100
    .set esp0, 4                        // of the task state

    .macro save_machine
    pushfl
    pushal
    cli
    movl %cr0, %eax
    movl %eax, saved_cr0
    movl %cr3, %eax
    movl %eax, saved_cr3
    movl %cr4, %eax
    movl %eax, saved_cr4
    sgdt saved_gdtr
    sidt saved_idtr
    movl %esp, saved_esp
    .endm

    // From 32-bit protected mode, paging off.
    .macro restore_machine
    movl saved_cr4, %eax
    movl %eax, %cr4
    movl saved_cr3, %eax
    movl %eax, %cr3
    movl saved_cr0, %eax
    movl %eax, %cr0
    lgdt saved_gdtr
    lidt saved_idtr
    ljmp $code32, $1f
1:  movl $data32, %eax
    movl %eax, %ss
    movl saved_esp, %esp
    movl $data_ring_3, %eax
    movl %eax, %ds
    movl %eax, %es
    xorl %eax, %eax
    movl %eax, %fs
    movl %eax, %gs
    popal
    popfl
    .endm

    .text
    .globl through_real_mode
through_real_mode:
    save_machine
    lgdt gdtr
    movl saved_cr0, %eax
    andl $~cr0_pg, %eax
    movl %eax, %cr0
    ljmp $code16, $low_stub + to_real - low_code
back_in_protected_mode:
    movl $data32, %eax
    movl %eax, %ds
    movl %eax, %ss
    restore_machine
    ret

    // void through_pae_mode(uint32_t root): in PAE paging, uses 8 pages at 1 GiB.
    .globl through_pae_mode
through_pae_mode:
    movl 4(%esp), %edx                  // before the stack changes
    save_machine
    lgdt gdtr
    movl saved_cr0, %eax
    andl $~cr0_pg, %eax
    movl %eax, %cr0
    movl saved_cr4, %eax
    orl $cr4_pae, %eax
    movl %eax, %cr4
    movl %edx, %cr3
    movl saved_cr0, %eax
    movl %eax, %cr0
    movl $8, %edx
    movl $0x40000000, %edi
1:  movl (%edi), %ebx
    movl %ebx, (%edi)
    addl $0x1000, %edi
    decl %edx
    jnz 1b
    invlpg -0x1000(%edi)
    movl saved_cr0, %eax
    andl $~cr0_pg, %eax
    movl %eax, %cr0
    restore_machine
    ret

    // void through_long_mode(uint32_t root): in 64-bit mode, uses 16 pages at 1 GiB in both halves of the linear address space, then the
    // addresses of odd_uses. With the root that nowhere_root holds, unless it is 0, no instruction follows.
    .globl through_long_mode
through_long_mode:
    movl 4(%esp), %edx                  // before the stack changes
    save_machine
    lgdt gdtr
    movl saved_cr0, %eax
    andl $~cr0_pg, %eax
    movl %eax, %cr0
    movl saved_cr4, %eax
    orl $cr4_pae, %eax
    movl %eax, %cr4
    movl %edx, %cr3
    movl $msr_efer, %ecx
    rdmsr
    orl $efer_lme, %eax
    wrmsr
    movl saved_cr0, %eax
    movl %eax, %cr0                     // compatibility mode from here on
    lidt idtr64
    movl 0x900000, %ebx
    ljmp $code64, $in_64_bits

    .code64
in_64_bits:
    movl $data32, %eax
    movl %eax, %ss
    movl $saved_esp, %eax
    movl (%rax), %esp
    movl $4, %ecx                       // rounds
1:  movl $16, %edx                      // pages; the upper half are not mapped
    movl $0x40000000, %edi
    movabsq $0xFFFF800040000000, %rsi
2:  movq %rdi, %rax
    movl (%rax), %ebx
    movq %rsi, %rax
    movl %ebx, (%rax)
    movl (%rax), %ebx
    addq $0x1000, %rdi
    addq $0x1000, %rsi
    decl %edx
    jnz 2b
    movl $0x80000000, %eax              // a page of 1 GiB, where the processor has such
    movl (%rax), %ebx
    invlpg -0x1000(%rsi)
    movl $odd_uses, %edi                // each an address and whether to write what was read; address 0 is the end
3:  movq (%rdi), %rax
    testq %rax, %rax
    jz 5f
    movl (%rax), %ebx
    cmpl $0, 8(%rdi)
    je 4f
    movl %ebx, (%rax)
4:  addl $16, %edi
    jmp 3b
5:  movq %cr3, %rax
    movq %rax, %cr3
    movl $nowhere_root, %edi
    movq (%rdi), %rax
    testq %rax, %rax
    jz 6f
    movq %rax, %cr3
6:  decl %ecx
    jnz 1b
    ljmp *to_compatibility(%rip)

    // A page fault in 64-bit mode: the instruction, which has two bytes, is left out.
page_fault_64:
    addq $8, %rsp
    addq $2, (%rsp)
    iretq

    .code32
leave_long_mode:
    movl $data32, %eax
    movl %eax, %ds
    movl %eax, %ss
    movl %cr0, %eax
    andl $~cr0_pg, %eax
    movl %eax, %cr0
    movl $msr_efer, %ecx
    rdmsr
    andl $~efer_lme, %eax
    wrmsr
    restore_machine
    ret

    // void through_virtual_8086_mode(): the code at low_stub + virtual_code - low_code, which asks back by INT 0x30.
    .globl through_virtual_8086_mode
through_virtual_8086_mode:
    save_machine
    movl %esp, task_state + esp0
    pushl $0                            // gs, fs, ds, es
    pushl $0
    pushl $0
    pushl $0
    pushl $0                            // ss
    pushl $low_stack
    pushl $0x23002                      // VM, IOPL 3
    pushl $0                            // cs
    pushl $low_stub + virtual_code - low_code
    iret
    .globl from_virtual_8086_mode
from_virtual_8086_mode:
    addl $36, %esp                      // nine words; no data segment is there yet
    movl $data_ring_3, %eax
    movl %eax, %ds
    movl %eax, %es
    popal
    popfl
    ret

    .globl low_code, low_code_end
    .code16
low_code:
to_real:
    movw $data16, %ax
    movw %ax, %ds
    movw %ax, %ss
    movl %cr0, %eax
    andl $~cr0_pe, %eax
    movl %eax, %cr0
    ljmp $0, $low_stub + in_real - low_code
in_real:
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $low_stack, %sp
    lidtl low_stub + real_idtr - low_code
    int $0x12                           // the BIOS tells how much memory there is
    movl %cr0, %eax
    orl $cr0_pe, %eax
    movl %eax, %cr0
    ljmpl $code32, $back_in_protected_mode
virtual_code:
    movw $1000, %cx
1:  movw %cx, low_stub + 0x200
    addw %cx, low_stub + 0x202
    loop 1b
    int $0x30
real_idtr:
    .word 0x3FF
    .long 0
low_code_end:
    .code32

    .data
    .balign 8
gdt:
    .quad 0, 0x00CF9A000000FFFF, 0x00CF92000000FFFF, 0x00009A000000FFFF, 0x000092000000FFFF, 0x00AF9A000000FFFF
gdtr:
    .word . - gdt - 1
    .long gdt
    .balign 16
    .globl idt64_page_fault
idt64:
    .skip 14 * 16
idt64_page_fault:
    .skip 16                            // mode_switches.cpp fills it in
idtr64:
    .word . - idt64 - 1
    .long idt64
    .long 0
to_compatibility:
    .long leave_long_mode
    .word code32
    .globl page_fault_64

    .bss
    .balign 4
saved_cr0: .skip 4
saved_cr3: .skip 4
saved_cr4: .skip 4
saved_esp: .skip 4
saved_gdtr: .skip 8
saved_idtr: .skip 8
