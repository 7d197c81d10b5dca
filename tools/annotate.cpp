// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `annotate`: which functions walk, fault and flush, and which of their instructions.
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "annotate_output.hpp"
#include "command_line.hpp"
#include "common_options.hpp"
#include "kernel_code.hpp"
#include "pager.hpp"
#include "stat_inputs.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

struct Options {
    std::string directory, function, symbols, code, sort = sort_keys.front();
    std::vector<std::string> profiles;
    AnnotateChoice choice;
    bool json = false;
};

SortKey sort_key(const std::string& name) {
    (void)parse_choice(name, "--sort", sort_keys);
    return static_cast<SortKey>(std::find(sort_keys.begin(), sort_keys.end(), name) - sort_keys.begin());
}

Status run(const Options& o) {
    const SortKey key = sort_key(o.sort);
    Trace trace{o.directory};
    trace.show_progress();
    const Symbols symbols = chosen_symbols(o.symbols, o.directory, trace.run());
    std::vector<Profile> profiles = chosen_profiles(o.directory, trace.run(), o.profiles);
    InstructionShares shares{profiles.size()};
    const Statistics s = collect_statistics(trace, std::move(profiles), symbols, &shares);
    if (const std::string note = trace.incomplete_note(); !note.empty()) std::cerr << "zonescope: " << note << '\n';
    const Annotation a = annotation_of(s, symbols, shares, key);
    AnnotateChoice choice = o.choice;
    choice.named = !o.function.empty();
    const std::vector<AnnotatedFunction> functions = choice.named ? find_functions(a, symbols, o.function, s.profiles.size()) : a.functions;
    std::optional<KernelCode> kernel_code;
    if (!o.code.empty()) kernel_code.emplace(o.code, s.run.guest);
    CodeView code{symbols, kernel_code ? kernel_code->file() : std::filesystem::path{}};
    const Pager pager;
    if (o.json) std::cout << annotation_json(s, a, functions, code, choice).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    else print_annotation(s, a, functions, code, choice, std::cout);
    return Status::done;
}

}  // namespace

void add_annotate(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("annotate", "Print which instructions walk, fault and flush: functions, then their code with the counts beside it");
    auto o = std::make_shared<Options>();
    verb->add_option("DIR", o->directory, "Trace directory")->required();
    verb->add_option("FUNCTION", o->function, "Only this function (its name, or 0xADDRESS in it), with all its instructions");
    verb->add_option("--sort", o->sort, "Functions by " + join(sort_keys))->type_name("KEY")->capture_default_str();
    verb->add_option("--limit", o->choice.most_code, "Print the code of so many functions")->type_name("N")->check(whole_number())->capture_default_str();
    verb->add_flag("--all", o->choice.all, "Print instructions without counts, too");
    verb->add_flag("--json", o->json, "Print JSON with stable keys (doc/json.md)");
    add_profile_option(*verb, o->profiles);
    add_symbols_option(*verb, o->symbols);
    verb->add_option("--code", o->code, "Where a Linux kernel's code is, if --symbols has names only: its vmlinux, or its image (vmlinuz)")->type_name("FILE");
    verb->callback([=, &chosen] { chosen = [=] { return run(*o); }; });
}

}  // namespace tools
