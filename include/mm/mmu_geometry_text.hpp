// SPDX-License-Identifier: LGPL-2.1-or-later
// A geometry as one short word, for bochsrc, where the tools hand a user's own profile to the plugin, and for run.json:
//
//   p6:g:32/4l+2/2l:64/4l+8/4l:-:-:n:-        NAME : FLAGS : four levels : INCLUSION : PDE CACHE
//
// FLAGS   g global pages, u unified first level, l first-level data TLB for loads only, s unified second level; - none
// level   instruction, data, second instruction, second data: ENTRIES/WAYS and replacement (l lru, t tree-plru, r random);
//         +ENTRIES/WAYS.. a TLB for large pages, * both sizes in one; - none
// INCLUSION  n neither, i inclusive, x exclusive
#pragma once

#include "mm/mmu_geometry.hpp"

namespace mm {

inline constexpr unsigned max_profile_name = 31;  // characters: letters, digits, '-', '_' and '.'

namespace geometry_text {
inline constexpr char replacements[] = "ltr", inclusions[] = "nix";

template <class Put> constexpr void put_number(Put&& put, unsigned n) {
    if (n >= 10) put_number(put, n / 10);
    put(static_cast<char>('0' + n % 10));
}
template <class Put> constexpr void put_tlb(Put&& put, TlbGeometry g) {
    put_number(put, g.entries), put('/'), put_number(put, g.ways), put(replacements[static_cast<unsigned>(g.replacement)]);
}
template <class Put> constexpr void put_level(Put&& put, const TlbLevel& l) {
    if (!l.exists()) return put('-');
    put_tlb(put, l.small);
    if (l.shared) put('*');
    if (l.large.exists()) put('+'), put_tlb(put, l.large);
}

// Reads forward and stays at the first character that does not fit.
class Cursor {
public:
    constexpr explicit Cursor(const char* text) : at_{text} {}
    constexpr bool take(char c) { return *at_ == c ? (++at_, true) : false; }
    constexpr bool at_end() const { return *at_ == '\0'; }
    constexpr bool number(unsigned& n) {
        if (*at_ < '0' || *at_ > '9') return false;
        for (n = 0; *at_ >= '0' && *at_ <= '9' && n <= max_tlb_entries; ++at_) n = n * 10 + static_cast<unsigned>(*at_ - '0');
        return n <= max_tlb_entries;
    }
    template <class Enum> constexpr bool letter(const char* letters, Enum& value) {
        for (unsigned i = 0; letters[i]; ++i)
            if (take(letters[i])) return value = static_cast<Enum>(i), true;
        return false;
    }
    constexpr bool tlb(TlbGeometry& g) { return number(g.entries) && take('/') && number(g.ways) && letter(replacements, g.replacement); }
    constexpr bool level(TlbLevel& l) {
        l = TlbLevel{};
        if (take('-')) return true;
        if (!tlb(l.small)) return false;
        l.shared = take('*');
        return !take('+') || tlb(l.large);
    }
    constexpr bool flags(MmuGeometry& g) {
        if (take('-')) return true;
        g.global_pages = take('g'), g.unified = take('u'), g.loads_only = take('l'), g.second_unified = take('s');
        return true;
    }
    constexpr bool profile_name(char (&name)[max_profile_name + 1]) {
        unsigned n = 0;
        const auto fits = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        };
        while (n < max_profile_name && fits(*at_)) name[n++] = *at_++;
        name[n] = '\0';
        return n != 0;
    }

private:
    const char* at_;
};
}  // namespace geometry_text

// put(char) receives the text, without a NUL.
template <class Put> constexpr void put_geometry(Put&& put, const MmuGeometry& g) {
    using namespace geometry_text;
    for (const char* c = g.profile; *c; ++c) put(*c);
    put(':');
    if (!g.global_pages && !g.unified && !g.loads_only && !g.second_unified) put('-');
    if (g.global_pages) put('g');
    if (g.unified) put('u');
    if (g.loads_only) put('l');
    if (g.second_unified) put('s');
    const TlbLevel* const levels[] = {&g.instruction, &g.data, &g.second_instruction, &g.second_data};
    for (const TlbLevel* l : levels) put(':'), put_level(put, *l);
    put(':'), put(inclusions[static_cast<unsigned>(g.inclusion)]), put(':');
    if (g.pde_cache.exists()) put_tlb(put, g.pde_cache);
    else put('-');
}

// Reads what put_geometry() writes. nullptr, or what is wrong. `name` becomes the geometry's profile and must outlive it.
constexpr const char* parse_geometry(const char* text, MmuGeometry& g, char (&name)[max_profile_name + 1]) {
    geometry_text::Cursor c{text};
    g = MmuGeometry{};
    if (!c.profile_name(name)) return "it does not begin with a name of at most 31 letters, digits, '-', '_' and '.'";
    g.profile = name;
    if (!c.take(':') || !c.flags(g)) return "after the name come ':' and the flags";
    TlbLevel* const levels[] = {&g.instruction, &g.data, &g.second_instruction, &g.second_data};
    for (TlbLevel* l : levels)
        if (!c.take(':') || !c.level(*l)) return "after the flags come four levels, each ':' and - or ENTRIES/WAYS with l, t or r";
    if (!c.take(':') || !c.letter(geometry_text::inclusions, g.inclusion)) return "after the levels come ':' and n, i or x";
    if (!c.take(':') || !(c.take('-') || c.tlb(g.pde_cache))) return "at the end come ':' and - or the directory entries' cache";
    if (!c.at_end()) return "there is more after its end";
    return inconsistency(g);
}

namespace geometry_proof {
constexpr bool round_trip(const char* text) {
    MmuGeometry g;
    char name[max_profile_name + 1] = {};
    if (parse_geometry(text, g, name)) return false;
    put_geometry([&](char c) { text = *text == c ? text + 1 : "?"; }, g);
    return *text == '\0';
}
static_assert(round_trip("p6:g:32/4l+2/2l:64/4l+8/4l:-:-:n:-"));
static_assert(round_trip("i486:u:-:32/4t:-:-:n:-") && round_trip("my-cpu:gls:128/4l+4/4r:16/4l*:-:256/4l*:i:16/16l"));
static_assert(!round_trip("p6:g:32/4l:64/5l:-:-:n:-") && !round_trip("p6:g:32/4l:64/4l:-:-:n:- "));
}  // namespace geometry_proof

}  // namespace mm
