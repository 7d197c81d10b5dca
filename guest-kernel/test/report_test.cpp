// SPDX-License-Identifier: LGPL-2.1-or-later
// The reports of the booted machine: what they print is what the zones hold.
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/mm/boot_report.hpp"
#include "guest-kernel/mm/zone_report.hpp"

namespace guest {
namespace {

// What a report printed, as numbers: other characters only separate them. Names of zones have no digits.
class Numbers final {
public:
    TextSink sink() {
        return {[](void* self, const char* text) { static_cast<Numbers*>(self)->add(text); }, this};
    }
    uint32_t size() const { return size_; }
    uint32_t operator[](uint32_t index) const { return index < capacity ? values_[index] : 0; }

private:
    static constexpr uint32_t capacity = 512;

    void add(const char* text) {
        for (; *text; ++text) {
            const bool digit = *text >= '0' && *text <= '9';
            if (digit && !inside_ && size_ < capacity) values_[size_++] = 0;
            if (digit) values_[size_ - 1] = values_[size_ - 1] * 10 + static_cast<uint32_t>(*text - '0');
            inside_ = digit;
        }
    }

    uint32_t values_[capacity];
    uint32_t size_ = 0;
    bool inside_ = false;
};

void buddyinfo_adds_up(Check& check) {
    Numbers numbers;
    report_buddyinfo(zones(), numbers.sink());
    uint32_t at = 0;
    for (const Zone* zone : zones().populated()) {
        if (zone->present().raw == 0) continue;
        check.equal(numbers[at++], zone->node(), "node");
        uint32_t pages = 0;
        for (unsigned order = 0; order < max_order; ++order) pages += numbers[at++] << order;
        check.equal(pages, zone->buddy().free_pages().raw, name(zone->type()));
    }
    check.equal(numbers.size(), at, "numbers printed");
}

void zoneinfo_is_the_zones(Check& check) {
    Numbers numbers;
    report_zoneinfo(zones(), numbers.sink());
    uint32_t at = 0;
    for (const Zone* zone : zones().populated()) {
        if (zone->present().raw == 0) continue;
        const Watermarks& marks = zone->watermarks;
        const uint32_t expected[] = {zone->node(), zone->buddy().free_pages().raw, marks.min.raw, marks.low.raw, marks.high.raw,
                                     zone->spanned().raw, zone->present().raw, zone->reserve[0].raw, zone->reserve[1].raw,
                                     zone->reserve[2].raw, zone->start().raw};
        for (uint32_t value : expected) check.equal(numbers[at++], value, name(zone->type()));
    }
    check.equal(numbers.size(), at, "numbers printed");
}

// Every page of RAM is in one line of the boot log: a zone's own pages, or those of its page map.
void boot_lines_have_every_frame(Check& check) {
    Numbers numbers;
    report_zones_at_boot(zones(), numbers.sink());
    check.equal(numbers[1], direct_map_end.raw >> (20 - mm::page_shift), "MB of lowmem");
    uint32_t at = 2 + 2 * zone_count + 1;  // behind early_node_map[N]
    check.equal(numbers[at - 1], zones().nodes(), "nodes");
    at += 3 * zones().nodes();
    uint32_t pages = 0, total = 0;
    for (unsigned node = 0; node < zones().nodes(); ++node) {
        check.equal(numbers[at++], node, "node");
        total += numbers[at++];
        for (ZoneType z : all_zones) {
            pages += numbers[at++];
            if (zones().zone(z, node).spanned().raw != 0) pages += numbers[at++];
        }
    }
    check.equal(pages, total, "pages of the zones");
    check.equal(numbers.size(), at, "numbers printed");
}

void vmallocinfo_has_an_area(Check& check) {
    vmalloc().purge();
    const uint32_t areas = vmalloc().areas().live();
    const Maybe<mm::VirtAddr> area = vmalloc().allocate(3 * mm::page_size);
    if (!area) return check.that(false, "an area");
    struct Found {
        uint32_t lines = 0, callers = 0;
    } found;
    report_vmallocinfo(vmalloc().areas(),
                       {[](void* f, const char* text) {
                            for (; *text; ++text) static_cast<Found*>(f)->lines += *text == '\n';
                        }, &found},
                       [](const void*, const TextSink& out) { ++static_cast<Found*>(out.context)->callers; });
    check.equal(found.lines, areas + 1, "lines: one for each area");
    check.equal(found.callers, areas + 1, "callers");
    vmalloc().free(*area);
    vmalloc().purge();
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"report: buddyinfo's blocks are the free pages", buddyinfo_adds_up},
    {"report: zoneinfo has the zones' numbers", zoneinfo_is_the_zones},
    {"report: the boot lines have every frame", boot_lines_have_every_frame},
    {"report: vmallocinfo has a line for each area", vmallocinfo_has_an_area},
};

}  // namespace
}  // namespace guest
