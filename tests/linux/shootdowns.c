// SPDX-License-Identifier: LGPL-2.1-or-later
// Two threads on two processors: one uses pages all the time, the other changes their entries in the ways that Linux has for it. Each change
// asks for a shootdown. Without a C library: system calls by number (arch/x86/entry/syscalls/syscall_32.tbl).
typedef unsigned u32;

enum { pages = 64, page = 4096, rounds = 40 };
enum { sys_exit = 1, sys_fork = 2, sys_write = 4, sys_waitpid = 7, sys_clone = 120, sys_mprotect = 125, sys_mmap2 = 192, sys_madvise = 219,
       sys_sched_setaffinity = 241, sys_exit_group = 252 };
enum { read_only = 1, read_write = 3, dont_need = 4, private_anonymous = 0x22, at_address = 0x10 };

static long call(long n, long a, long b, long c, long d, long e, long f) {
    long result;
    register long esi asm("esi") = d;
    register long edi asm("edi") = e;
    asm volatile("pushl %%ebp\n\tmovl %7, %%ebp\n\tint $0x80\n\tpopl %%ebp"
                 : "=a"(result) : "0"(n), "b"(a), "c"(b), "d"(c), "r"(esi), "r"(edi), "m"(f) : "memory");
    return result;
}

static volatile u32 stop, running, sum;
static char stack[16384] __attribute__((aligned(16)));
static volatile char *reads, *writes;

static void run_on(u32 processor) {
    const u32 mask = 1u << processor;
    call(sys_sched_setaffinity, 0, sizeof mask, (long)&mask, 0, 0, 0);
}

static void use_pages(void) {
    run_on(1);
    running = 1;
    while (!stop)
        for (u32 n = 0; n < pages; ++n) sum += (u32)reads[n * page], writes[n * page] = (char)n;
    call(sys_exit, 0, 0, 0, 0, 0, 0);
}

static long start_thread(void (*function)(void)) {
    const long memory_files_and_signals_in_common = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000;
    long result;
    asm volatile("int $0x80\n\ttestl %%eax, %%eax\n\tjnz 1f\n\txorl %%ebp, %%ebp\n\tcall *%%edi\n1:"
                 : "=a"(result) : "0"(sys_clone), "b"(memory_files_and_signals_in_common), "c"(stack + sizeof stack - 16), "d"(0), "S"(0), "D"(function)
                 : "memory");
    return result;
}

static volatile char* map(volatile char* at, long more) {
    return (volatile char*)call(sys_mmap2, (long)at, pages * page, read_write, private_anonymous | more, -1, 0);
}

static void change_pages(void) {
    call(sys_madvise, (long)reads, pages * page, dont_need, 0, 0, 0);
    for (u32 n = 0; n < pages; ++n) reads[n * page] = (char)n;
    call(sys_mprotect, (long)reads, pages * page, read_only, 0, 0, 0);
    call(sys_mprotect, (long)reads, pages * page, read_write, 0, 0, 0);
    for (u32 n = 0; n < pages; n += 8) call(sys_madvise, (long)(reads + n * page), page, dont_need, 0, 0, 0);
    const long child = call(sys_fork, 0, 0, 0, 0, 0, 0);  // all pages become read-only
    if (child == 0) call(sys_exit, 0, 0, 0, 0, 0, 0);
    call(sys_waitpid, child, 0, 0, 0, 0, 0);
    map(writes, at_address);
    for (u32 n = 0; n < pages; ++n) writes[n * page] = 1;
}

void _start(void) {
    static const char done[] = "two threads: done\n", failed[] = "two threads: no thread\n";
    run_on(0);
    reads = map(0, 0), writes = map(0, 0);
    for (u32 n = 0; n < pages; ++n) writes[n * page] = reads[n * page] = 1;
    if (start_thread(use_pages) < 0) call(sys_write, 1, (long)failed, sizeof failed - 1, 0, 0, 0), call(sys_exit_group, 1, 0, 0, 0, 0, 0);
    while (!running) {}
    for (u32 round = 0; round < rounds; ++round) change_pages();
    stop = 1;
    call(sys_write, 1, (long)done, sizeof done - 1, 0, 0, 0);
    call(sys_exit_group, 0, 0, 0, 0, 0, 0);
}
