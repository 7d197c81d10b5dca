// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs a judgement, shows its result.
#include "experiment.hpp"

#include <algorithm>
#include <map>
#include <ostream>

#include <nlohmann/json.hpp>

#include "tools/command_line.hpp"
#include "tools/terminal.hpp"
#include "tools/text_table.hpp"

namespace tools::claims {
namespace {

constexpr unsigned text_width = 116, label_width = 12;

bool says(const Facts& f, const std::string& line) {
    return std::find(f.console.begin(), f.console.end(), line) != f.console.end();
}

// Why a recording will not do for this claim; empty if it will. A workload of another claim may have failed in it.
std::string unusable(const Need& need, const Facts& f) {
    if (!f.recorded) return f.problem.empty() ? "was not recorded" : f.problem;
    if (f.good || need.may_fail) return {};
    if (f.run.guest_failures < 0 || need.workloads.empty()) return f.problem;
    for (const std::string& w : need.workloads)
        if (says(f, "workload " + w + " failed")) return "the workload " + w + " failed";
    return {};
}

nlohmann::ordered_json json_of(const std::vector<Statement>& statements) {
    auto list = nlohmann::ordered_json::array();
    for (const Statement& s : statements) list.push_back({{"answer", name(s.answer)}, {"weight", name(s.weight)}, {"text", s.text}});
    return list;
}

// The first profile's result once more, and the others'.
nlohmann::ordered_json by_profile(const Result& r) {
    auto object = nlohmann::ordered_json::object();
    const auto add = [&](const Result& one) {
        object[one.profile] = {{"verdict", one.ran ? nlohmann::ordered_json(name(one.verdict)) : nlohmann::ordered_json(nullptr)}, {"statements", json_of(one.findings.statements)}};
    };
    add(r);
    for (const Result& o : r.others) add(o);
    return object;
}

void paragraph(const std::string& label, const std::string& text, std::ostream& out) {
    out << "  " << label << std::string(label_width - label.size(), ' ')
        << wrapped(text, text_width - label_width, label_width + 2) << '\n';
}

// By whom the verdict is the same, and what makes it another.
void print_others(const Result& r, std::ostream& out) {
    std::vector<std::string> same;
    for (const Result& o : r.others) {
        if (std::string{verdict_name(o)} == verdict_name(r)) {
            same.push_back(o.profile);
            continue;
        }
        paragraph("by " + o.profile, bold(verdict_name(o)) + (o.ran ? "" : ": " + o.problem), out);
        for (size_t i = 0; i < o.findings.statements.size(); ++i) {
            const Statement& s = o.findings.statements[i];
            if (i >= r.findings.statements.size() || s.answer != r.findings.statements[i].answer) paragraph(std::string{"  "} + name(s.answer), s.text, out);
        }
    }
    if (!same.empty()) paragraph("the same", "by " + join(same, " "), out);
}

}  // namespace

Result run_experiment(const Claim& claim, const Evidence& evidence) {
    Result result{&claim};
    try {
        for (const Need& need : claim.needs)
            if (const std::string why = unusable(need, evidence.at(need.machine)); !why.empty())
                throw Failure{title(need.machine), why};
        result.findings = claim.judge(evidence);
        result.verdict = verdict_of(result.findings.statements);
        result.ran = true;
    } catch (const Error& e) {
        result.problem = e.what();
    }
    return result;
}

Result run_experiment(const Claim& claim, const std::vector<Evidence>& evidence, const std::vector<std::string>& profiles) {
    Result result = run_experiment(claim, evidence.front());
    result.profile = profiles.front();
    for (size_t p = 1; p < profiles.size(); ++p) {
        result.others.push_back(run_experiment(claim, evidence[p]));
        result.others.back().profile = profiles[p];
    }
    return result;
}

const char* verdict_name(const Result& r) { return r.ran ? name(r.verdict) : "could not run"; }

std::string verdicts_text(const Result& r) {
    std::map<std::string, std::vector<std::string>> by_verdict;
    for (const Result& o : r.others) by_verdict[verdict_name(o)].push_back(o.profile);
    std::string text = verdict_name(r);
    for (const auto& [verdict, profiles] : by_verdict)
        if (verdict != verdict_name(r)) text += "; " + verdict + " by " + join(profiles, " ");
    return text;
}

void print(const Result& r, std::ostream& out) {
    const Claim& c = *r.claim;
    out << bold(c.id) << '\n';
    paragraph("claim", c.sentence, out);
    paragraph("method", c.method, out);
    if (!r.ran) paragraph("problem", r.problem, out);
    for (const Table& t : r.findings.tables) {
        paragraph("measured", t.caption, out);
        print(t, out, 4);
    }
    bool first = true;
    for (const Published& p : c.published) {
        paragraph(first ? "published" : "", p.what + ": " + p.figure + " [" + p.source + "]", out);
        first = false;
    }
    out << "  "
        << "verdict" << std::string(label_width - 7, ' ') << bold(verdict_name(r)) << '\n';
    for (const Statement& s : r.findings.statements)
        paragraph(std::string{"  "} + name(s.answer),
                  s.text + (s.weight == Weight::core ? std::string{} : std::string{" ("} + name(s.weight) + ")"), out);
    print_others(r, out);
    out << '\n';
}

nlohmann::ordered_json json_of(const Result& r) {
    nlohmann::ordered_json measured = nlohmann::ordered_json::object(), published = nlohmann::ordered_json::array();
    for (const Table& t : r.findings.tables) measured[t.key] = json_of(t);
    for (const Published& p : r.claim->published)
        published.push_back({{"what", p.what}, {"figure", p.figure}, {"source", p.source}});
    nlohmann::ordered_json json{{"id", r.claim->id},       {"claim", r.claim->sentence}, {"method", r.claim->method},
                                {"verdict", nullptr},      {"measured", measured},       {"published", published},
                                {"statements", json_of(r.findings.statements)}};
    if (!r.others.empty()) json["by_profile"] = by_profile(r);
    if (r.ran)
        json["verdict"] = name(r.verdict);
    else
        json["problem"] = r.problem;
    return json;
}

}  // namespace tools::claims
