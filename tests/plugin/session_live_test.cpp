// SPDX-License-Identifier: LGPL-2.1-or-later
// A recording that is looked at: what viewers are shown is what run.json says in the end, and the trace is the same without them.
#include "bochs-plugin/session.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "fake_machine.hpp"
#include "live_client.hpp"
#include "recorded.hpp"

namespace plugin {
namespace {

using namespace mm;
using nlohmann::json;
using protocol::Op;

constexpr Position begun{0x1003, 0x1000, 0, false}, user_begun{0x1003, 0x1000, 0, true};

// A recording of a small guest, which may be watched.
class Guest {
public:
    Guest(const std::string& output, const std::string& live) : output_{output} {
        Options options;
        options.output = output, options.live = live;
        static_cast<void>(options.profiles->add_built_in("p6"));
        static_cast<void>(options.profiles->add_built_in("skylake"));
        session = std::make_unique<Session>(options, Session::Setup{1, 16, 50000000, "p3_katmai"}, Session::Control{[] {}});
        created = session->create() && session->add_cpu(machine, fast);
        for (uint32_t page = 1; page < 9; ++page) machine.map(Vpn{page}, Pfn{0x200 + page}, {true, true, true, false});
    }
    void say(Op op, uint32_t operand, std::initializer_list<uint32_t> words = {}) {
        for (uint32_t word : words) session->port_write(0, protocol::argument_port, 4, word, {});
        session->port_write(0, protocol::command_port, 4, protocol::command(op, operand), {});
    }
    void run() {
        CpuState& cpu = session->cpu(0);
        cpu.next_instruction({0x1000, 0x1000, 0, false});
        cpu.write_cr3(0x1000, nullptr, false, begun);
        cpu.write_cr0(cr0_pe | cr0_pg | cr0_wp, nullptr, begun);
        say(Op::zone, 0, {0, 0x204, 0x200, 0x00414D44});         // DMA
        say(Op::zone, 0, {0x204, 0x1000, 0x800, 0x00414D45});
        say(Op::region, 0, {0, 0x5000, 0x72657375});             // user
        say(Op::region, 0, {0x5000, 0x100000, 0x006E656B});
        say(Op::span_name, 3, {0x6C6C756E}), say(Op::span_begin, 3);
        for (int round = 0; round < 3; ++round) {
            for (uint32_t page = 1; page < 9; ++page) {
                machine.now += 100, machine.done += 90;
                session->look_for_viewers();
                cpu.data_access(VirtAddr{page << 12}, PhysAddr{(0x200 + page) << 12}, AccessKind::read, page < 5 ? user_begun : begun);
            }
            cpu.write_cr3(0x1000, nullptr, false, begun);
        }
    }
    void finish() {
        EXPECT_TRUE(session->finish(EndReason::shutdown, ""));
        session.reset();
    }
    json run_info() const { return json::parse(contents_of(output_ + "/.zonescope/run.json")); }

    FakeMachine machine;
    FastPath fast;
    std::unique_ptr<Session> session;
    bool created = false;

private:
    const std::string output_;
};

class SessionLiveTest : public testing::Test {
protected:
    // Waits until the emulation has had a viewer's first order.
    static void attach(Guest& guest, LiveClient& client) {
        ASSERT_TRUE(client.line_of("hello"));
        guest.session->look_for_viewers();
        for (int n = 0; n < 5000 && !guest.session->counts_for_viewers(); ++n) {
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
            guest.session->look_for_viewers();
        }
        ASSERT_TRUE(guest.session->counts_for_viewers());
    }
    static json last_snapshot(LiveClient& client) {
        std::string last;
        while (const auto line = client.line_of("snapshot")) last = *line;
        return last.empty() ? json{} : json::parse(last);
    }

    TemporaryDirectory directory;
    const std::string socket = directory / "live";
};

TEST_F(SessionLiveTest, ShowsInTheEndWhatRunJsonSays) {
    Guest guest{directory / "trace", socket};
    ASSERT_TRUE(guest.created) << guest.session->error();
    LiveClient client{socket};
    attach(guest, client);
    guest.run();
    guest.finish();
    const json shown = last_snapshot(client), run = guest.run_info(), &final = run["final"][0];
    ASSERT_TRUE(shown.is_object());
    EXPECT_EQ(shown["last"], true);
    EXPECT_EQ(shown["tick"], run["ticks"]);
    EXPECT_EQ(shown["instructions"], run["instructions"]);
    for (const char* key : {"cr3_writes", "invlpg", "page_faults", "walk_reads", "walk_writes", "fills_read"}) EXPECT_EQ(shown["observed"][key], final[key]) << key;
    EXPECT_EQ(shown["model"], final["models"][0]);
    EXPECT_EQ(shown["zones"].size(), 3u) << "two and other";
    EXPECT_EQ(shown["zones"][0]["name"], "DMA");
    EXPECT_EQ(shown["zones"][0]["walks"], 12) << "three pages, three times, and one of them is fetched from";
    EXPECT_EQ(shown["zones"][0]["refills"], 8);
    uint64_t in_zones = 0, in_regions = 0;
    for (const json& zone : shown["zones"]) in_zones += zone["walks"].get<uint64_t>();
    for (const json& region : shown["regions"]) in_regions += region["walks"].get<uint64_t>();
    EXPECT_EQ(in_zones, final["models"][0]["walks"]);
    EXPECT_EQ(in_regions, final["models"][0]["walks"]);
    EXPECT_EQ(shown["regions"][0]["walks"], 15) << "four pages, three times, and the fetches";
    EXPECT_EQ(shown["flushes"][0]["cause"], "context_switch");
    EXPECT_EQ(shown["flushes"][0]["made"], 4);
    EXPECT_EQ(shown["flushes"][0]["flushes"], 3);
    EXPECT_EQ(shown["flushes"][0]["dropping"], 3);
    EXPECT_EQ(shown["cpus"][0]["spans"], json::array({"null"}));
    EXPECT_FALSE(std::filesystem::exists(socket));
}

TEST_F(SessionLiveTest, ShowsPageTablesAndTlbsAsTheyAre) {
    Guest guest{directory / "trace", socket};
    ASSERT_TRUE(guest.created);
    LiveClient client{socket};
    attach(guest, client);
    guest.run();
    const uint64_t walked = guest.machine.now += 100;
    guest.session->cpu(0).data_access(VirtAddr{0x2000}, PhysAddr{0x202000}, AccessKind::read, begun);
    guest.machine.now += 100;
    client.say("inspect 0x2abc\n");
    std::optional<std::string> inspection, snapshot;
    for (int n = 0; n < 5000 && !inspection; ++n) {
        guest.session->look_for_viewers();
        if (auto line = client.line(1)) (line->find("\"inspection\"") < 20 ? inspection : snapshot) = line;
    }
    ASSERT_TRUE(inspection && snapshot);
    const json shown = json::parse(*snapshot), walk = json::parse(*inspection);
    EXPECT_EQ(shown["linear"]["slot_shift"], 22);
    EXPECT_EQ(shown["linear"]["directory"].get<std::string>(), "d" + std::string(1023, '0')) << "present, user, writable; then nothing";
    EXPECT_EQ(shown["linear"]["walks"][0], shown["zones"][0]["walks"].get<int>() + shown["zones"][1]["walks"].get<int>());
    EXPECT_EQ(shown["tlbs"][0]["name"], "ITLB 4K");
    EXPECT_EQ(shown["tlbs"][2]["sets"], 16);
    EXPECT_EQ(walk["linear"], 0x2ABC);
    EXPECT_EQ(walk["steps"].size(), 2u);
    EXPECT_EQ(walk["steps"][1]["table"], "PTE");
    EXPECT_EQ(walk["frame"], 0x202);
    EXPECT_EQ(walk["zone"], "DMA");
    ASSERT_EQ(walk["cached"].size(), 1u);
    const json& cached = walk["cached"][0];
    EXPECT_EQ(cached["tlb"], "DTLB 4K");
    EXPECT_EQ(cached["frame"], 0x202);
    EXPECT_EQ(cached["since"], walked) << "the last of four walks of the page";
    EXPECT_LT(walk["steps"][1]["unchanged_since"], walked) << "the first one found its table";
    EXPECT_EQ(walk["tick"], walked + 100);
}

TEST_F(SessionLiveTest, ViewersLeaveNoMarkInTheTrace) {
    Guest unseen{directory / "unseen", ""}, alone{directory / "alone", directory / "other"}, seen{directory / "seen", socket};
    ASSERT_TRUE(unseen.created && alone.created && seen.created);
    unseen.run(), unseen.finish();
    alone.run(), alone.finish();
    LiveClient client{socket};
    attach(seen, client);
    client.say("inspect 0x1000\nprofile skylake\n");
    seen.run(), seen.finish();
    EXPECT_EQ(contents_of(directory / "unseen/cpu0"), contents_of(directory / "seen/cpu0"));
    EXPECT_EQ(contents_of(directory / "unseen/cpu0"), contents_of(directory / "alone/cpu0"));
    EXPECT_EQ(unseen.run_info(), seen.run_info());
}

TEST_F(SessionLiveTest, CountsOnlyWhileSomebodyLooks) {
    Guest guest{directory / "trace", socket};
    ASSERT_TRUE(guest.created);
    {
        LiveClient client{socket};
        attach(guest, client);
    }
    for (int n = 0; n < 5000 && guest.session->counts_for_viewers(); ++n) {
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
        guest.session->look_for_viewers();
    }
    EXPECT_FALSE(guest.session->counts_for_viewers());
    guest.run();
    LiveClient late{socket};
    attach(guest, late);
    guest.finish();
    const json shown = last_snapshot(late);
    EXPECT_EQ(shown["counted_since"], 2400);
    EXPECT_EQ(shown["zones"][0]["walks"], 0);
    EXPECT_EQ(shown["model"]["walks"], guest.run_info()["final"][0]["models"][0]["walks"]) << "what is counted anyway";
}

// What the guest publishes may be anything; what is drawn of memory is what the machine can have.
TEST_F(SessionLiveTest, AZoneFarBeyondMemoryIsShownAsFarAsMemoryGoes) {
    Guest guest{directory / "trace", socket};
    ASSERT_TRUE(guest.created);
    LiveClient client{socket};
    attach(guest, client);
    guest.run();
    guest.say(Op::zone, 0, {0x1000, 0xFFFFFFFF, 0x800, 0x00524146});  // FAR
    guest.finish();
    const json shown = last_snapshot(client), &memory = shown["memory"];
    ASSERT_TRUE(shown.is_object());
    EXPECT_EQ(shown["zones"][2]["name"], "FAR");
    EXPECT_EQ(shown["zones"][2]["end_pfn"], 0xFFFFFFFF) << "as it was published";
    EXPECT_EQ(memory["end_pfn"], (16u << 8) + (1u << 18)) << "16 MiB, and what devices below 4 GiB may push up";
    EXPECT_EQ(memory["walks"].size() * memory["pages_per_bin"].get<uint64_t>(), memory["end_pfn"]) << "the bins cover it";
    EXPECT_EQ(memory["walks"].size(), memory["fills"].size());
}

TEST_F(SessionLiveTest, ASocketThatCannotBeMadeIsSaid) {
    std::ofstream{socket} << "letter";
    Guest guest{directory / "trace", socket};
    EXPECT_FALSE(guest.created);
    EXPECT_NE(guest.session->error().find("is no socket"), std::string::npos);
}

}  // namespace
}  // namespace plugin
