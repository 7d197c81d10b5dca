// SPDX-License-Identifier: LGPL-2.1-or-later
// What the console says about the memory.
#include "guest-kernel/kernel/memory_report.hpp"

#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/image.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/symbols.hpp"
#include "guest-kernel/mm/boot_report.hpp"
#include "guest-kernel/mm/slab_report.hpp"
#include "guest-kernel/mm/zone_report.hpp"

namespace guest {
namespace {

constexpr TextSink console{[](void*, const char* text) { put(text); }, nullptr};

void report_caller(const void* caller, const TextSink& out) {
    const Maybe<Symbol> symbol = find_symbol(reinterpret_cast<uint32_t>(caller) - 1);  // the call may end its function
    if (!symbol) return out.hex(reinterpret_cast<uint32_t>(caller));
    report_symbol({(*symbol).name, (*symbol).offset + 1, (*symbol).size}, out);
}

struct Report {
    const char* name;
    void (*print)();
};
constexpr Report reports[] = {
    {"zoneinfo", [] { report_zoneinfo(zones(), console); }},
    {"buddyinfo", print_buddyinfo},
    {"slabinfo", [] { report_slabinfo(kmalloc().slabs(), console); }},
    {"vmallocinfo", [] { report_vmallocinfo(vmalloc().areas(), console, report_caller); }},
};

// .init is empty: nothing of this kernel is freed once it has booted.
void print_layout() {
    using Unit = LayoutLine::Unit;
    report_layout(layout_windows(layout, direct_map_end), console);
    const uint32_t start = image::value(kernel_start), text = image::value(text_end), end = image::value(kernel_end);
    const LayoutLine image_lines[] = {{"      .init ", end, end, Unit::kilobytes},
                                      {"      .data ", text, end, Unit::kilobytes},
                                      {"      .text ", start, text, Unit::kilobytes}};
    for (const LayoutLine& line : image_lines) report_layout_line(line, console);
    if constexpr (layout.own_page_tables)
        print("mapped 4G/4G trampoline to ", Hex{static_cast<uint32_t>(layout.trampoline_base)}, "\n");
}

}  // namespace

void print_boot_lines(const FrameRanges& ram) {
    const FrameTable& frames = zones().frames();
    report_zones_at_boot(zones(), console);
    const uint64_t map_bytes = FrameTable::storage_bytes(frames.end(), frames.page_bytes());
    print("sizeof(struct page) = ", frames.page_bytes(), ", mem_map ", static_cast<uint32_t>(map_bytes >> 10), "k\n");
    const mm::Pages free = zones().free_pages(), total = frames.end() - mm::Pfn{0};
    report_memory({free, total, ram.pages_within({mm::Pfn{0}, frames.end()}) - free, zones().present(ZoneType::highmem),
                   image::code_bytes(), image::data_bytes(), 0},
                  console);
    print_layout();
}

uint32_t print_reports(Text names) {
    uint32_t unknown = 0;
    for (Text wanted = next_piece(names, ','); !wanted.empty(); wanted = next_piece(names, ',')) {
        bool known = false;
        for (const Report& report : reports)
            if (wanted == report.name) known = true, report.print();
        if (known) continue;
        ++unknown;
        print("print: unknown report; known are:");
        for (const Report& report : reports) print(" ", report.name);
        print("\n");
    }
    return unknown;
}

void print_buddyinfo() { report_buddyinfo(zones(), console); }

void print_all_reports() {
    if (!memory_started()) return;
    for (const Report& report : reports) report.print();
}

}  // namespace guest
