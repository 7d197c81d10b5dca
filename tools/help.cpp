// SPDX-License-Identifier: LGPL-2.1-or-later
// A formatter for the parser's help.
#include "help.hpp"

#include <memory>

#include <CLI/CLI.hpp>

#include "text_table.hpp"

namespace tools {
namespace {

constexpr size_t description_column = 24, verb_column = 16;

// "  --split U:K           User:kernel split", its description in lines below each other.
std::string row(const std::string& left, const std::string& description, size_t column) {
    const std::string text = wrapped(description, help_width - static_cast<unsigned>(column), 0);
    std::string all = "  " + left;
    bool first = all.size() + 1 < column;
    if (first) all += std::string(column - all.size(), ' ');
    for (size_t from = 0; from <= text.size();) {
        const size_t end = std::min(text.find('\n', from), text.size());
        all += (first ? "" : "\n" + std::string(column, ' ')) + text.substr(from, end - from);
        first = false, from = end + 1;
    }
    return all + '\n';
}

class HelpFormatter final : public CLI::Formatter {
public:
    std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
        const bool all = mode == CLI::AppFormatMode::All;
        std::string text = wrapped(app->get_description(), help_width, 0) + '\n' + make_usage(app, name);
        text += make_positionals(app);
        size_t left_out = 0;
        const bool only_verbs = app->get_parent() == nullptr && !all;  // so that they fit a screen
        for (const std::string& group : only_verbs ? std::vector<std::string>{} : app->get_groups()) {
            const auto options = app->get_options([&](const CLI::Option* o) { return o->get_group() == group && o->nonpositional() && o != app->get_help_all_ptr(); });
            if (group.empty() || options.empty()) continue;
            if (group == rare_options && !all) left_out += options.size();
            else text += make_group(group, false, options);
        }
        text += verbs(app);
        if (left_out) text += "\n" + std::to_string(left_out) + " more options: --help-all\n";
        if (const std::string footer = app->get_footer(); !footer.empty() && (all || app->get_parent() == nullptr)) text += (all ? "\n" : "") + wrapped(footer, help_width, 4) + '\n';
        return text;
    }
    std::string make_option(const CLI::Option* o, bool positional) const override {
        return row(make_option_name(o, positional) + make_option_opts(o), make_option_desc(o), description_column);
    }
    // Short: what excludes what is said when it is tried.
    std::string make_option_opts(const CLI::Option* o) const override {
        if (o->get_type_size() == 0 || o->get_positional()) return {};
        std::string text = o->get_type_name().empty() ? "" : " " + o->get_type_name();
        return o->get_default_str().empty() ? text : text + "=" + o->get_default_str();
    }

private:
    static std::string verbs(const CLI::App* app) {
        std::string text;
        for (const CLI::App* verb : app->get_subcommands({})) {
            const std::string description = verb->get_description();  // a line: what follows is for the verb's own help
            text += row(verb->get_name(), description.substr(0, description.find_first_of(":;")), verb_column);
        }
        return text.empty() ? text : "\nSubcommands:\n" + text;
    }
};

}  // namespace

void set_help(CLI::App& app) {
    app.formatter(std::make_shared<HelpFormatter>());
    app.set_help_flag("-h,--help", "Print this help, and exit");
    app.set_help_all_flag("--help-all", "Print all options, and exit");
}

void make_rare(CLI::App& verb, std::initializer_list<const char*> options) {
    for (const char* option : options) verb.get_option(option)->group(rare_options);
}

}  // namespace tools
