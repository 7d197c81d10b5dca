// SPDX-License-Identifier: LGPL-2.1-or-later
// Groups instructions by function, and sorts these.
#include "annotation.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "command_line.hpp"
#include "error.hpp"

namespace tools {
namespace {

constexpr size_t most_named = 12;  // in a message

ShareStatistics nothing(size_t profiles) { return {{}, 0, {}, 0, std::vector<WalkCounts>(profiles)}; }

AnnotatedFunction empty_function(const Symbols& symbols, size_t symbol, size_t profiles) {
    AnnotatedFunction f;
    f.share = nothing(profiles);
    f.share.name = symbols.name(symbol), f.share.id = f.start = symbols.start(symbol), f.bytes = symbols.size(symbol), f.symbol = symbol;
    return f;
}

// What it is sorted by, the largest first.
std::array<double, 3> weight(const AnnotatedFunction& f, const Statistics& s, SortKey key) {
    const EventCounts& e = f.share.events;
    const double walks = s.profiles.empty() ? static_cast<double>(f.share.observed_fills) : static_cast<double>(f.share.walks[0].walks);
    const double cycles = s.profiles.empty() ? 0 : walk_cycles(f.share.walks[0], s.profiles[0]).best;
    switch (key) {
    case SortKey::walks: return {walks, cycles, 0};
    case SortKey::cycles: return {cycles, walks, 0};
    case SortKey::faults: return {static_cast<double>(e.page_faults), walks, cycles};
    case SortKey::flushes: return {static_cast<double>(e.cr3_writes + e.invlpg), walks, cycles};
    case SortKey::address: break;
    }
    return {};
}

std::optional<uint32_t> address_in(const std::string& text) {
    if (text.rfind("0x", 0) != 0) return std::nullopt;
    uint32_t address = 0;
    const auto [rest, error] = std::from_chars(text.data() + 2, text.data() + text.size(), address, 16);
    if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
    return address;
}

}  // namespace

void add(ShareStatistics& into, const ShareStatistics& more) {
    into.events += more.events;
    into.observed_fills += more.observed_fills;
    for (size_t p = 0; p < into.walks.size(); ++p) into.walks[p] += more.walks[p];
}

Annotation annotation_of(const Statistics& s, const Symbols& symbols, InstructionShares& shares, SortKey key) {
    const size_t profiles = s.profiles.size();
    const FunctionShares places{symbols, s.run, profiles};
    Annotation a{{}, shares.other(), shares.beyond(), nothing(profiles)};
    add(a.elsewhere, a.beyond);
    a.elsewhere.name = "elsewhere", a.total.name = "total";
    std::map<std::pair<size_t, std::string>, AnnotatedFunction> functions;
    for (InstructionShare& i : shares.take()) {
        const size_t symbol = symbols.find(i.ip, i.user);
        const std::string place = symbol == Symbols::none ? places.place_of(i.ip, i.user) : std::string{};
        auto known = functions.find({symbol, place});
        if (known == functions.end()) {
            AnnotatedFunction f;
            if (symbol != Symbols::none) f = empty_function(symbols, symbol, profiles);
            else f.share = nothing(profiles), f.share.name = place, f.share.id = f.start = i.ip;
            known = functions.emplace(std::pair{symbol, place}, std::move(f)).first;
        }
        add(known->second.share, i.share);
        known->second.instructions.push_back(std::move(i));
    }
    for (auto& [which, f] : functions) add(a.total, f.share), a.functions.push_back(std::move(f));
    add(a.total, a.elsewhere);
    std::stable_sort(a.functions.begin(), a.functions.end(), [&](const AnnotatedFunction& x, const AnnotatedFunction& y) {
        const auto wx = weight(x, s, key), wy = weight(y, s, key);
        return wx != wy ? wx > wy : x.start < y.start;
    });
    return a;
}

std::vector<AnnotatedFunction> find_functions(const Annotation& a, const Symbols& symbols, const std::string& name, size_t profiles) {
    std::vector<size_t> wanted = symbols.named(name);
    if (const auto address = address_in(name))
        for (const bool user : {false, true})
            if (const size_t symbol = symbols.find(*address, user); symbol != Symbols::none) wanted.push_back(symbol);
    std::vector<AnnotatedFunction> found;
    for (const AnnotatedFunction& f : a.functions)
        if (f.symbol == Symbols::none ? f.share.name == name : std::find(wanted.begin(), wanted.end(), f.symbol) != wanted.end()) found.push_back(f);
    if (found.empty() && !wanted.empty()) found.push_back(empty_function(symbols, wanted.front(), profiles));
    if (!found.empty()) return found;
    if (symbols.empty()) throw InputError{name, "the guest's functions are not known; give its ELF file or its System.map with --symbols"};
    const std::vector<std::string> similar = symbols.similar_to(name, most_named);
    throw InputError{name, similar.empty() ? "no function is called so; without a name `zonescope annotate DIR` lists them" : "no function is called so; there are " + join(similar)};
}

}  // namespace tools
