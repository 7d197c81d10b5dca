// SPDX-License-Identifier: LGPL-2.1-or-later
// A viewer for tests and benchmarks: watches a recording to its end and prints the last counts as `stat --csv` does, and flushes likewise.
//
//   watch_live follow SOCKET [CPU]  waits for the socket; says "attached" at the first snapshot; at the end the counts. Status 1: it never ended.
//                               Of a CPU that was chosen also the instructions, and the TLBs' entries: set, way, first page and first frame
//   watch_live flood SOCKET     the same, and says nonsense all the time
//   watch_live once SOCKET      leaves after the first snapshot
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include <nlohmann/json.hpp>

#include "tools/error.hpp"
#include "tools/view/live_connection.hpp"

namespace {

using nlohmann::json;
using tools::view::LiveConnection;
using namespace std::chrono_literals;

constexpr auto patience = 60s;

std::unique_ptr<LiveConnection> connect(const std::filesystem::path& socket) {
    const auto latest = std::chrono::steady_clock::now() + patience;
    for (;; std::this_thread::sleep_for(1ms)) try {
            return std::make_unique<LiveConnection>(socket);
        } catch (const tools::InputError&) {
            if (std::chrono::steady_clock::now() > latest) throw;
        }
}

void print(const std::string& section, const std::string& name, const std::string& metric, const std::string& profile, const json& value) {
    std::cout << section << ',' << name << ',' << metric << ',' << profile << ',' << value << '\n';
}

void print_counts(const json& s) {
    const std::string profile = s["profile"];
    const json &observed = s["observed"], &model = s["model"];
    print("run", "", "instructions", "", s["instructions"]), print("run", "", "ticks", "", s["tick"]);
    for (const char* key : {"cr3_writes", "invlpg", "page_faults", "walk_reads", "walk_writes", "pdpte_loads"}) print("observed", "", key, "", observed[key]);
    for (const char* kind : {"read", "write", "execute"}) print("observed", "", std::string{"tlb_fills."} + kind, "", observed[std::string{"fills_"} + kind]);
    for (const char* side : {"itlb", "dtlb"})
        for (const char* what : {"lookups", "misses"}) print("models", "", std::string{side} + "." + what, profile, model[std::string{side} + "_" + what]);
    print("models", "", "walks", profile, model["walks"]);
    for (const json& f : s["flushes"])
        for (const char* which : {"flushes", "dropping"}) print("flushes", f["cause"], which, profile, f[which]);
    for (const char* places : {"zones", "regions"}) {
        for (const json& place : s[places]) {
            print(places, place["name"], "observed_fills", "", place["fills"]);
            print(places, place["name"], "walks", profile, place["walks"]);
        }
    }
}

void print_chosen(const json& s) {
    const json& cpu = s["cpus"][s["cpu"].get<size_t>()];
    std::cout << "cpu," << s["cpu"] << ",instructions,," << cpu["instructions"] << '\n';
    for (const json& tlb : s["tlbs"])
        for (const json& e : tlb["entries"]) std::cout << "tlb," << tlb["name"].get<std::string>() << ',' << e[0] << ',' << e[1] << ',' << e[2] << ',' << e[3] << '\n';
}

int watch(const std::string& mode, const std::filesystem::path& socket, const char* cpu) {
    const auto connection = connect(socket);
    std::string last;
    if (cpu) connection->say(std::string{"cpu "} + cpu);
    for (bool attached = false; !connection->ended();) {
        if (mode == "flood") connection->say(std::string(2000, 'x') + "\nprofile nobody\ninspect\ninspect 0x" + std::to_string(last.size()));
        const auto line = connection->line(mode == "flood" ? 0ms : 1000ms);
        if (!line) continue;
        if (line->rfind(R"({"type": "end")", 0) == 0) {
            print_counts(json::parse(last));
            if (cpu) print_chosen(json::parse(last));
            return 0;
        }
        if (line->rfind(R"({"type": "snapshot")", 0) != 0) continue;
        last = *line;
        if (mode == "follow") connection->say("inspect 0xC0100000");
        if (!attached) std::cout << "attached" << std::endl;
        attached = true;
        if (mode == "once") return 0;
    }
    return 1;
}

}  // namespace

int main(int count, char** words) try {
    if (count != 3 && count != 4) return std::cerr << "watch_live follow|flood|once SOCKET [CPU]\n", 2;
    return watch(words[1], words[2], count == 4 ? words[3] : nullptr);
} catch (const std::exception& e) {
    std::cerr << "watch_live: " << e.what() << '\n';
    return 2;
}
