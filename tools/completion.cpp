// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `completion`: what a shell needs to complete our command line, from the same parser that reads it.
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>

#include "annotation.hpp"
#include "command_line.hpp"
#include "export_formats.hpp"
#include "mm/trace.hpp"
#include "profile_selection.hpp"
#include "recorder.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

const std::vector<std::string> shells = {"bash", "fish", "zsh"};

// The words that an option's value is, or begins with; of others a file or a directory is offered.
std::vector<std::string> choices_of(const std::string& option, const std::string& verb) {
    std::vector<std::string> events;
    for (const auto& kind : mm::trace::kinds) events.push_back(kind.name);
    const std::map<std::string, std::vector<std::string>> all{
        {"--split", split_names()},   {"--splits", split_names()}, {"--paging", paging_names()},       {"--pagings", paging_names()},
        {"--stale", stale_modes()},   {"--event", events},         {"--workload", workload_names()}, {"--initramfs", initramfs_places()},
        {"--profile", built_in_profiles()}, {"--sort", sort_keys}, {"--panel", {"memory", "linear", "tlb", "charts", "walk"}},
    };
    if (option == "--format" && verb == "export") return export_formats;
    if (option == "--initramfs" && verb != "record" && verb != "sweep") return {};
    const auto known = all.find(option);
    return known == all.end() ? std::vector<std::string>{} : known->second;
}

struct OptionWords {
    std::vector<std::string> names;    // "-o", "--output"
    std::string description;
    bool takes_value;
    std::vector<std::string> choices;  // of the value; empty: files
};
struct VerbWords {
    std::string name, description;
    std::vector<OptionWords> options;
};

std::vector<VerbWords> words_of(const CLI::App& app) {
    std::vector<VerbWords> verbs;
    for (const CLI::App* verb : app.get_subcommands({})) {
        VerbWords words{verb->get_name(), verb->get_description(), {}};
        for (const CLI::Option* o : verb->get_options()) {
            if (o->nonpositional() == false) continue;
            OptionWords option{{}, o->get_description(), o->get_items_expected_max() > 0, {}};
            for (const std::string& s : o->get_snames()) option.names.push_back("-" + s);
            for (const std::string& l : o->get_lnames()) option.names.push_back("--" + l);
            if (option.takes_value) option.choices = choices_of(option.names.back(), words.name);
            words.options.push_back(std::move(option));
        }
        verbs.push_back(std::move(words));
    }
    return verbs;
}

std::string names_of(const std::vector<VerbWords>& verbs) {
    std::vector<std::string> names;
    for (const VerbWords& v : verbs) names.push_back(v.name);
    return join(names, " ");
}

std::string options_of(const VerbWords& verb) {
    std::vector<std::string> names;
    for (const OptionWords& o : verb.options) names.insert(names.end(), o.names.begin(), o.names.end());
    return join(names, " ");
}

// Words with a colon, as 3:1, are split by bash where COMP_WORDBREAKS has one; what stands before the last colon is then not offered again.
void print_bash(const std::vector<VerbWords>& verbs, std::ostream& out) {
    out << "# zonescope's completion for bash; made by `zonescope completion bash`\n"
           "_zonescope() {\n"
           "    local line=${COMP_LINE:0:COMP_POINT} words current previous verb choices=\n"
           "    read -ra words <<<\"$line\"\n"
           "    [[ $line == *[[:space:]] ]] && words+=('')\n"
           "    current=${words[-1]} previous=${words[-2]-} verb=${words[1]-}\n"
           "    COMPREPLY=()\n"
           "    if ((${#words[@]} <= 2)); then\n"
           "        COMPREPLY=($(compgen -W '--help --version " << names_of(verbs) << "' -- \"$current\"))\n"
           "        return\n"
           "    fi\n"
           "    case \"$verb $previous\" in\n";
    for (const VerbWords& v : verbs)
        for (const OptionWords& o : v.options) {
            if (o.choices.empty()) continue;
            std::vector<std::string> patterns;
            for (const std::string& name : o.names) patterns.push_back("'" + v.name + " " + name + "'");
            out << "        " << join(patterns, "|") << ") choices='" << join(o.choices, " ") << "' ;;\n";
        }
    out << "    esac\n"
           "    if [[ -z $choices && $current == -* ]]; then\n"
           "        case $verb in\n";
    for (const VerbWords& v : verbs) out << "            " << v.name << ") choices='" << options_of(v) << "' ;;\n";
    out << "        esac\n"
           "    fi\n"
           "    [[ -n $choices ]] || return 0\n"
           "    local before= word\n"
           "    [[ $current == *,* ]] && before=${current%,*},\n"
           "    for word in $(compgen -W \"$choices\" -- \"${current#\"$before\"}\"); do\n"
           "        word=$before$word\n"
           "        [[ $COMP_WORDBREAKS == *:* && $current == *:* ]] && word=${word#\"${current%:*}:\"}\n"
           "        COMPREPLY+=(\"$word\")\n"
           "    done\n"
           "}\n"
           "complete -o default -F _zonescope zonescope\n";
}

// In single quotes.
std::string quoted(const std::string& text) {
    std::string q = "'";
    for (const char c : text) q += c == '\'' ? "'\\''" : std::string{c};
    return q + "'";
}

void print_fish(const std::vector<VerbWords>& verbs, std::ostream& out) {
    out << "# zonescope's completion for fish; made by `zonescope completion fish`\n"
           "complete -c zonescope -n __fish_use_subcommand -l help -d 'Print the verbs'\n"
           "complete -c zonescope -n __fish_use_subcommand -l version -d 'Print the version'\n";
    for (const VerbWords& v : verbs) {
        out << "complete -c zonescope -n __fish_use_subcommand -f -a " << v.name << " -d " << quoted(v.description) << '\n';
        for (const OptionWords& o : v.options) {
            out << "complete -c zonescope -n '__fish_seen_subcommand_from " << v.name << "'";
            for (const std::string& name : o.names) out << (name[1] == '-' ? " -l " + name.substr(2) : " -s " + name.substr(1));
            if (o.takes_value) out << (o.choices.empty() ? " -r" : " -x -a " + quoted(join(o.choices, " ")));
            out << " -d " << quoted(o.description) << '\n';
        }
    }
}

// Inside an option's specification, where brackets and colons end its parts.
std::string escaped(const std::string& text) {
    std::string e;
    for (const char c : text) e += std::string{c == '[' || c == ']' || c == ':' || c == '\\' ? "\\" : ""} + c;
    return e;
}

void print_zsh(const std::vector<VerbWords>& verbs, std::ostream& out) {
    out << "#compdef zonescope\n"
           "# zonescope's completion for zsh; made by `zonescope completion zsh`\n"
           "_zonescope() {\n"
           "    local -a verbs=(\n";
    for (const VerbWords& v : verbs) out << "        " << quoted(escaped(v.name) + ":" + v.description) << '\n';
    out << "    )\n"
           "    if ((CURRENT == 2)); then\n"
           "        _describe verb verbs\n"
           "        _arguments '--help[Print the verbs]' '--version[Print the version]'\n"
           "        return\n"
           "    fi\n"
           "    local verb=$words[2]\n"
           "    shift words\n"
           "    ((CURRENT -= 1))\n"
           "    case $verb in\n";
    for (const VerbWords& v : verbs) {
        out << "    " << v.name << ")\n        _arguments \\\n";
        for (const OptionWords& o : v.options)
            for (const std::string& name : o.names) {
                std::string value;
                if (o.takes_value) value = o.choices.empty() ? ":value:_files" : ":value:(" + escaped(join(o.choices, " ")) + ")";
                out << "            " << quoted(name + "[" + escaped(o.description) + "]" + value) << " \\\n";
            }
        out << "            '*:file:_files' ;;\n";
    }
    out << "    esac\n"
           "}\n"
           "_zonescope \"$@\"\n";
}

}  // namespace

void add_completion(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("completion", "Print the completion of this command line for a shell");
    auto shell = std::make_shared<std::string>();
    verb->add_option("SHELL", *shell, "bash, fish or zsh")->required();
    verb->callback([=, &chosen, &app] {
        chosen = [=, &app] {
            (void)parse_choice(*shell, "SHELL", shells);
            const std::vector<VerbWords> verbs = words_of(app);
            if (*shell == "bash") print_bash(verbs, std::cout);
            else if (*shell == "fish") print_fish(verbs, std::cout);
            else print_zsh(verbs, std::cout);
            return Status::done;
        };
    });
}

}  // namespace tools
