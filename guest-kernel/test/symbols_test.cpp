// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of symbols in the image: addresses have the names that the linker knows.
#include "guest-kernel/kernel/image.hpp"
#include "guest-kernel/kernel/symbols.hpp"
#include "guest-kernel/kernel/tap.hpp"

extern "C" char copy_user_bytes[];

namespace guest {
namespace {

bool same(const char* a, const char* b) { return __builtin_strcmp(a, b) == 0; }

[[gnu::noinline]] uint32_t where_i_am() { return reinterpret_cast<uint32_t>(__builtin_return_address(0)); }

void functions_have_names(Check& check) {
    const Maybe<Symbol> here = find_symbol(where_i_am());
    check.that(here && same((*here).name, "functions_have_names"), "this function's name");
    check.that(here && (*here).offset < (*here).size, "the address lies in it");
    const Maybe<Symbol> assembly = find_symbol(image::value(copy_user_bytes));
    check.that(assembly && same((*assembly).name, "copy_user_bytes") && (*assembly).offset == 0, "a function of the assembly files");
    const Maybe<Symbol> entry = find_symbol(image::trampoline_begin());
    check.that(entry && same((*entry).name, "trap_stubs"), "the trampoline's first");
}

void data_has_none(Check& check) {
    check.that(!find_symbol(0), "nothing is at 0");
    check.that(!find_symbol(image::value(kernel_start) - 1), "nothing lies in front of the image");
    check.that(!find_symbol(image::value(text_end)), "read-only data has no name");
    check.that(!find_symbol(image::value(symbols_start)), "the table has none itself");
    check.that(!find_symbol(0xFFFFFFFF), "nothing is at the top");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"symbols: functions have names", functions_have_names},
    {"symbols: data has none", data_has_none},
};

}  // namespace
}  // namespace guest
