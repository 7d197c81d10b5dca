// SPDX-License-Identifier: LGPL-2.1-or-later
// `annotate --json`.
#include <nlohmann/json.hpp>

#include "annotate_output.hpp"
#include "stat_output.hpp"

namespace tools {
namespace {

using json = nlohmann::ordered_json;

json share_of(const Statistics& s, const ShareStatistics& share) {
    json object = json::object();
    add_share(object, s, share);
    return object;
}

json instruction_json(const Statistics& s, const AnnotatedLine& line, const ShareStatistics& nothing) {
    const Instruction& i = line.instruction;
    json object{{"address", i.address}, {"bytes", i.bytes}, {"text", i.text.empty() ? json(nullptr) : json(i.text)}, {"target", line.target.empty() ? json(nullptr) : json(line.target)},
                {"file", line.source ? json(line.source->file) : json(nullptr)}, {"line", line.source ? json(line.source->line) : json(nullptr)}};
    add_share(object, s, line.share ? *line.share : nothing);
    return object;
}

json function_json(const Statistics& s, const AnnotatedFunction& f, CodeView& code, bool all) {
    const std::string why_no_code = code.why_no_code(f);
    json object{{"name", f.share.name}, {"address", f.start}, {"bytes", f.bytes}, {"code", why_no_code.empty()}};
    add_share(object, s, f.share);
    json& instructions = object["instructions"] = json::array();
    const ShareStatistics nothing{{}, 0, {}, 0, std::vector<WalkCounts>(s.profiles.size())};
    for (const AnnotatedLine& line : code.lines(f))
        if (all || line.share) instructions.push_back(instruction_json(s, line, nothing));
    return object;
}

}  // namespace

json annotation_json(const Statistics& s, const Annotation& a, const std::vector<AnnotatedFunction>& functions, CodeView& code, const AnnotateChoice& choice) {
    json profiles = json::array(), list = json::array();
    for (const Profile& p : s.profiles) profiles.push_back(p.name);
    for (const AnnotatedFunction& f : functions) list.push_back(function_json(s, f, code, choice.named || choice.all));
    return {{"schema", stat_schema}, {"profiles", profiles}, {"functions", list}, {"elsewhere", share_of(s, a.elsewhere)}, {"total", share_of(s, a.total)}};
}

}  // namespace tools
