// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs a judgement, shows its result.
#include "experiment.hpp"

#include <algorithm>
#include <ostream>

#include <nlohmann/json.hpp>

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

void paragraph(const std::string& label, const std::string& text, std::ostream& out) {
    out << "  " << label << std::string(label_width - label.size(), ' ')
        << wrapped(text, text_width - label_width, label_width + 2) << '\n';
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
        << "verdict" << std::string(label_width - 7, ' ') << bold(r.ran ? name(r.verdict) : "could not run") << '\n';
    for (const Statement& s : r.findings.statements)
        paragraph(std::string{"  "} + name(s.answer),
                  s.text + (s.weight == Weight::core ? std::string{} : std::string{" ("} + name(s.weight) + ")"), out);
    out << '\n';
}

nlohmann::ordered_json json_of(const Result& r) {
    nlohmann::ordered_json measured = nlohmann::ordered_json::object(), published = nlohmann::ordered_json::array(),
                           statements = published;
    for (const Table& t : r.findings.tables) measured[t.key] = json_of(t);
    for (const Published& p : r.claim->published)
        published.push_back({{"what", p.what}, {"figure", p.figure}, {"source", p.source}});
    for (const Statement& s : r.findings.statements)
        statements.push_back({{"answer", name(s.answer)}, {"weight", name(s.weight)}, {"text", s.text}});
    nlohmann::ordered_json json{{"id", r.claim->id},       {"claim", r.claim->sentence}, {"method", r.claim->method},
                                {"verdict", nullptr},      {"measured", measured},       {"published", published},
                                {"statements", statements}};
    if (r.ran)
        json["verdict"] = name(r.verdict);
    else
        json["problem"] = r.problem;
    return json;
}

}  // namespace tools::claims
