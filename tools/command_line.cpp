// SPDX-License-Identifier: LGPL-2.1-or-later
// Sizes and lists from the command line, and one-line explanations of mistakes in it.
#include "command_line.hpp"

#include <algorithm>
#include <charconv>

#include <CLI/CLI.hpp>

#include "error.hpp"

namespace tools {
namespace {

constexpr uint64_t largest_memory = 64 * 1024;  // MiB: PAE's 36 bits
constexpr uint64_t smallest_memory = 4;         // MiB

// The number and what follows it; count is false if there is no number.
struct Quantity {
    bool number{};
    uint64_t value{};
    std::string suffix;
};
Quantity split_quantity(const std::string& text) {
    Quantity q;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), q.value);
    q.number = error == std::errc{};
    q.suffix.assign(rest, text.data() + text.size());
    return q;
}

}  // namespace

uint64_t parse_memory(const std::string& text, const std::string& option) {
    const Quantity q = split_quantity(text);
    uint64_t mib = 0;
    if (q.number && (q.suffix == "M" || q.suffix == "m" || q.suffix.empty())) mib = q.value;
    else if (q.number && (q.suffix == "G" || q.suffix == "g") && q.value <= largest_memory) mib = q.value * 1024;
    else throw InputError{option + " " + text, "not a size; give a number with M or G, such as 512M or 1G"};
    if (mib < smallest_memory || mib > largest_memory) throw InputError{option + " " + text, "must be from 4M to 64G"};
    return mib;
}

std::vector<std::string> parse_list(const std::string& text, const std::string& option, const std::vector<std::string>& known) {
    if (text == "all") return known;
    std::vector<std::string> words;
    for (size_t from = 0; from <= text.size();) {
        const size_t comma = std::min(text.find(',', from), text.size());
        const std::string word = parse_choice(text.substr(from, comma - from), option, known);
        if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
        from = comma + 1;
    }
    return words;
}

std::string parse_choice(const std::string& text, const std::string& option, const std::vector<std::string>& known) {
    if (std::find(known.begin(), known.end(), text) != known.end()) return text;
    if (text.empty()) throw InputError{option, "a name is missing; give one of " + join(known)};
    throw InputError{option + " " + text, "not known; give one of " + join(known)};
}

std::function<std::string(const std::string&)> whole_number(uint64_t least) {
    return [least](const std::string& text) -> std::string {
        const Quantity q = split_quantity(text);
        const bool good = q.number && q.suffix.empty() && q.value >= least && q.value < uint64_t{1} << 63;
        return good ? "" : "'" + text + "' is not a whole number" + (least ? " above " + std::to_string(least - 1) : "");
    };
}

std::string join(const std::vector<std::string>& words, const std::string& between) {
    std::string all;
    for (const std::string& w : words) all += (all.empty() ? "" : between) + w;
    return all;
}

std::string verb_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* verb : app.get_subcommands({})) names.push_back(verb->get_name());
    return join(names);
}

std::string explain_parse_error(const CLI::App& app, const CLI::ParseError& error, int argc, const char* const* argv) {
    const CLI::App* verb = app.get_subcommands().empty() ? nullptr : app.get_subcommands().front();
    if (!verb && argc > 1 && argv[1][0] != '-') return std::string{argv[1]} + ": no such verb; one of " + verb_names(app);
    const std::string help = verb ? "zonescope " + verb->get_name() + " --help" : "zonescope --help";
    std::string what = error.what();
    const std::vector<std::string> extras = (verb ? verb : &app)->remaining();
    if (dynamic_cast<const CLI::ExtrasError*>(&error) || !extras.empty()) {
        std::vector<std::string> options;
        for (const CLI::Option* o : (verb ? verb : &app)->get_options()) options.push_back(o->get_name());
        return join(extras, " ") + ": not expected here; the options are " + join(options) + " (" + help + ")";
    }
    while (!what.empty() && (what.back() == '\n' || what.back() == '.')) what.pop_back();
    std::replace(what.begin(), what.end(), '\n', ' ');
    return what + "; see " + help;
}

}  // namespace tools
