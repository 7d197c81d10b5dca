// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `initramfs`: the same programs in the kernel's image and beside it, and what each pins in lowmem.
#include <algorithm>
#include <cstdio>

#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr char in_image[] = "embedded", beside[] = "module";
constexpr char proof[] = "null-syscall";  // the programs run either way

Machine machine(const char* split, const char* place) {
    Machine m = classic(split);
    m.initramfs = place;
    return m;
}

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const char* split : every_split)
        for (const char* place : {in_image, beside}) all.push_back({machine(split, place), {proof}});
    return all;
}

// What the kernel said about its image and about memory, KiB.
struct Boot {
    uint64_t code = 0, data = 0, reserved = 0, freed = 0;
    uint64_t image() const { return code + data; }
    uint64_t pinned() const { return reserved - freed; }
};

Boot boot_of(const Facts& f) {
    Boot boot;
    bool known = false;
    for (const std::string& line : f.console) {
        unsigned long long code = 0, reserved = 0, data = 0, freed = 0;
        if (std::sscanf(line.c_str(), "Memory: %*uk/%*uk available (%lluk kernel code, %lluk reserved, %lluk data", &code,
                        &reserved, &data) == 3)
            boot.code = code, boot.reserved = reserved, boot.data = data, known = true;
        if (std::sscanf(line.c_str(), "Freeing initrd memory: %lluk freed", &freed) == 1) boot.freed += freed;
    }
    if (!known) throw Failure{title(f.machine), "the guest printed no line `Memory: ... available`"};
    return boot;
}

Findings judge(const Evidence& evidence) {
    Table t{"memory",
            "KiB, 1 GiB of RAM",
            {{"split"},
             {"initramfs", "programs"},
             {"image_kib", "image"},
             {"reserved_kib", "reserved at boot"},
             {"freed_kib", "freed later"},
             {"pinned_kib", "reserved after boot"}}};
    bool larger = true, pins = true, runs = true;
    uint64_t image_more = 0, pinned_more = 0;  // of the last split
    for (const char* split : every_split) {
        const Facts &a = evidence.at(machine(split, in_image)), &b = evidence.at(machine(split, beside));
        const Boot inside = boot_of(a), outside = boot_of(b);
        t.row({text(split), text(in_image), inside.image(), inside.reserved, inside.freed, inside.pinned()});
        t.row({text(split), text(beside), outside.image(), outside.reserved, outside.freed, outside.pinned()});
        larger = larger && inside.image() > outside.image();
        pins = pins && inside.pinned() > outside.pinned();
        runs = runs && a.span(proof).median == b.span(proof).median;
        image_more = inside.image() - std::min(inside.image(), outside.image()),
        pinned_more = inside.pinned() - std::min(inside.pinned(), outside.pinned());
    }
    return {{t},
            {{Weight::core, answer(larger), "with the programs the image is larger: by " + grouped(image_more) + " KiB at 4:4"},
             {Weight::limit, answer(pins),
              "and so is the lowmem that stays reserved after boot: by " + grouped(pinned_more) +
                  " KiB at 4:4; an archive that was unpacked is freed"},
             {Weight::note, answer(runs), "the programs are the same: a null system call takes as many instructions"}}};
}

}  // namespace

Claim initramfs_claim() {
    return {"initramfs",
            "An initramfs inside the kernel image makes the image, and what it pins in lowmem, bigger.",
            "Boots the same programs embedded in the kernel's image and as a boot module, and reads the kernel's own lines about "
            "memory.",
            needs(),
            {{"a 32 GB machine's kernel", "1676k kernel code, 1306k data, 224k init", "boot log of Linux 2.4.21-3.ELhugemem"}},
            judge};
}

}  // namespace tools::claims
