// SPDX-License-Identifier: LGPL-2.1-or-later
// The function of Bochs by which a restored machine gets its memory, redirected here (--wrap). Bochs would first copy the saved file, which
// is as large as the guest's memory but mostly holes, byte by byte into a temporary one, and read each block from there.
#include "bochs.h"
#include "memory/memory-bochs.h"

#include "gui/siminterface.h"
#include "param_names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recording.h"
#include "wrap_symbols.h"

void real_read_block(Bit32u block) asm("__real_" ZONESCOPE_READ_BLOCK);
void wrap_read_block(Bit32u block) asm("__wrap_" ZONESCOPE_READ_BLOCK);

// A block's place in the file is its place in the guest's memory. What lies behind the end of the file is zero, as new memory is.
void wrap_read_block(Bit32u block) {
    const std::string& saved = plugin::recording.options.restored;
    if (saved.empty()) return real_read_block(block);
    static const int fd = ::open((saved + "/machine/memory.ram").c_str(), O_RDONLY | O_CLOEXEC);
    const Bit64u bytes = static_cast<Bit64u>(SIM->get_param_num(BXPN_MEM_BLOCK_SIZE)->get64()) * 1024, at = block * bytes;
    Bit8u* const memory = BX_MEM(0)->get_vector(at);
    for (Bit64u done = 0; done < bytes;) {
        const ssize_t got = ::pread(fd, memory + done, bytes - done, static_cast<off_t>(at + done));
        if (got < 0) {
            fprintf(stderr, "zonescope: %s/machine/memory.ram: %s; save the boot again\n", saved.c_str(), strerror(errno));
            exit(EXIT_FAILURE);
        }
        if (got == 0) return;
        done += static_cast<Bit64u>(got);
    }
}
