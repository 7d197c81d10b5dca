// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `headroom`: how much larger than memory the kernel's space should be; workloads from a tenth to four times of it.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

struct Step {
    const char* name;  // RAM as a multiple of lowmem
    uint64_t numerator, denominator;
};
constexpr Step steps[] = {{"1/10", 1, 10}, {"1/4", 1, 4}, {"1/2", 1, 2}, {"1", 1, 1}, {"2", 2, 1}, {"4", 4, 1}};
constexpr size_t tenth = 0, half = 2, whole = 3;

struct Space {
    const char* split;
    uint64_t lowmem_mib;
};
constexpr Space spaces[] = {{"3:1", 896}, {"2:2", 1920}, {"1:3", 2944}, {"4:4", 3936}};

const std::vector<std::string> workloads{"null-syscall", "ctx-2p-64k", "ipc",     "pagefault",
                                         "mmap",         "kmalloc",    "vmalloc", "touch-60"};

// PAE throughout: memory beyond 4 GiB is part of the curve.
Machine machine(const Space& space, const Step& step) {
    return pae(space.split, space.lowmem_mib * step.numerator / step.denominator);
}

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const Space& space : spaces)
        for (const Step& step : steps) all.push_back({machine(space, step), workloads});
    return all;
}

// Where a zone's memory begins and ends changes how the buddy allocator splits blocks, and with it a path by some instructions:
// less than this share of an operation says nothing.
constexpr double noticeable = 0.02;

Answer noticeably_dearer(const SpanFacts& a, const SpanFacts& b, const Profile& costs) {
    const Interval extra = extra_cycles(a, b, costs);
    if (extra.best < noticeable * cycles_each(b, costs).best) return Answer::no;
    return dearer(compare(a, b, costs));
}

// The workloads that are noticeably dearer on `a` than on `b`; those that the costs decide are counted as unknown.
struct Dearer {
    std::string names;
    bool unknown = false;
};
Dearer dearer_on(const Facts& a, const Facts& b) {
    Dearer d;
    for (const std::string& w : workloads) {
        const Answer more = noticeably_dearer(a.span(w), b.span(w), a.costs);
        if (more == Answer::yes) d.names += (d.names.empty() ? "" : ", ") + w;
        d.unknown = d.unknown || more == Answer::unknown;
    }
    return d;
}

// Whether any split has a workload that a step up in memory makes dearer.
Statement step_matters(const Evidence& evidence, Weight weight, size_t low, size_t high, const std::string& what) {
    std::string where;
    bool unknown = false;
    for (const Space& space : spaces) {
        const Dearer d = dearer_on(evidence.at(machine(space, steps[high])), evidence.at(machine(space, steps[low])));
        if (!d.names.empty()) where += (where.empty() ? "" : "; ") + std::string{space.split} + ": " + d.names;
        unknown = unknown || d.unknown;
    }
    const Answer a = !where.empty() ? Answer::yes : unknown ? Answer::unknown : Answer::no;
    return {weight, a, what + (where.empty() ? "" : " (" + where + ")")};
}

Findings judge(const Evidence& evidence) {
    Table t{"curve",
            "cycles of one operation by RAM, as a multiple of lowmem; then what each step takes more than the first",
            {{"split"}, {"ratio", "RAM/lowmem"}, {"memory_mib", "RAM MiB"}, {"highmem_percent", "HIGHMEM %"}}};
    for (const std::string& w : workloads) t.columns.push_back({w, w});
    for (const Space& space : spaces)
        for (const Step& step : steps) {
            const Facts &f = evidence.at(machine(space, step)), &first = evidence.at(machine(space, steps[tenth]));
            const ZoneInfo& high = f.zone("HIGHMEM");
            std::vector<Cell> row{text(space.split), text(step.name), f.machine.memory_mib,
                                  100.0 * static_cast<double>(high.end_pfn - high.start_pfn) / static_cast<double>(high.end_pfn)};
            for (const std::string& w : workloads)
                row.push_back(&step == steps ? cycles_each(f.span(w), f.costs).best
                                             : extra_cycles(f.span(w), first.span(w), f.costs).best);
            t.row(std::move(row));
        }
    return {{t},
            {step_matters(evidence, Weight::core, whole, whole + 2,
                          "virtual space should exceed physical memory: with more RAM than lowmem some operation gets 2 % "
                          "dearer, from 1 to 4"),
             step_matters(evidence, Weight::limit, half, whole,
                          "twice is better than once: some operation gets 2 % dearer from 1/2 to 1"),
             step_matters(evidence, Weight::limit, tenth, half,
                          "ten times is better than twice: some operation gets 2 % dearer from 1/10 to 1/2")}};
}

}  // namespace

Claim headroom_claim() {
    return {"headroom",
            "Virtual space should exceed physical memory by two, better by ten.",
            "Runs the workloads on every split with RAM from a tenth of lowmem to four times of it, and asks where an operation "
            "becomes dearer, by 2 % at least.",
            needs(),
            {{"recommended limit at 3:1", "not more than 8 GiB on a 32-bit machine", source::highmem_doc},
             {"practical limit with 44-byte struct pages", "about 16 GiB", source::gorman}},
            judge};
}

}  // namespace tools::claims
