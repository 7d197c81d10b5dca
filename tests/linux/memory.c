// SPDX-License-Identifier: LGPL-2.1-or-later
// Maps 64 MiB and writes to each page; lets a child write to every 16th, of which it gets copies; counts, prints, gives all back.
// Without a library: cc -m32 -static -nostdlib. The numbers are those of Linux' arch/x86/entry/syscalls/syscall_32.tbl.
enum { exit_call = 1, fork_call = 2, write_call = 4, waitpid_call = 7, munmap_call = 91, mprotect_call = 125, mmap2_call = 192 };
enum { readable = 1, writable = 2, private_anonymous = 0x22 };
enum { page = 4096, bytes = 64 << 20, words = bytes / sizeof(unsigned), words_of_page = page / sizeof(unsigned) };

static long call(long number, long a, long b, long c) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
    return result;
}

// The sixth argument is EBP's, which the compiler may want itself.
static unsigned *map(void) {
    long result;
    __asm__ volatile("push %%ebp; xor %%ebp, %%ebp; int $0x80; pop %%ebp"
                     : "=a"(result)
                     : "a"(mmap2_call), "b"(0), "c"(bytes), "d"(readable | writable), "S"(private_anonymous), "D"(-1)
                     : "memory");
    return (unsigned *)result;
}

static void end(int status) { call(exit_call, status, 0, 0); }

static unsigned sum_of(const volatile unsigned *memory) {
    unsigned sum = 0;
    for (unsigned i = 0; i < words; i += words_of_page) sum += memory[i];
    return sum;
}

static void print(unsigned number) {
    char text[11];
    unsigned at = sizeof text;
    text[--at] = '\n';
    do text[--at] = (char)('0' + number % 10);
    while (number /= 10);
    call(write_call, 1, (long)(text + at), (long)(sizeof text - at));
}

void _start(void) {
    volatile unsigned *const memory = map();
    if ((unsigned long)memory > -4096ul) end(1);
    for (unsigned i = 0; i < words; i += words_of_page) memory[i] = i;
    const long child = call(fork_call, 0, 0, 0);
    if (child == 0) {
        for (unsigned i = 0; i < words; i += 16 * words_of_page) memory[i] = 1;
        print(sum_of(memory));
        end(0);
    }
    if (child < 0 || call(waitpid_call, child, 0, 0) != child) end(2);
    call(mprotect_call, (long)memory, bytes / 2, readable);
    print(sum_of(memory));
    call(munmap_call, (long)memory, bytes, 0);
    end(0);
}
