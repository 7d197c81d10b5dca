// SPDX-License-Identifier: LGPL-2.1-or-later
// Viewers that behave and viewers that do not; the emulation is the test.
#include "bochs-plugin/live_server.h"

#include <gtest/gtest.h>

#include <sys/syscall.h>

#include <atomic>
#include <thread>

#include "live_client.hpp"
#include "temporary_directory.hpp"

namespace {

std::atomic<int> accept_error{0};       // 0: connections are taken
std::atomic<unsigned> accept_calls{0};

}  // namespace

// The C library's, which this takes the place of, can be made to fail as on a host without descriptors.
extern "C" int accept4(int socket, sockaddr* address, socklen_t* length, int flags) {
    ++accept_calls;
    if (const int error = accept_error; error != 0) return errno = error, -1;
    return static_cast<int>(syscall(SYS_accept4, socket, address, length, flags));
}

namespace plugin {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class LiveServerTest : public testing::Test {
protected:
    void SetUp() override { ASSERT_EQ(server.open(path, {"/trace", 64, 50000000, 1, {"p6", "p5"}, {}}), ""); }
    static LiveSnapshot snapshot(const LiveOrder& order, size_t padding = 0) {
        LiveSnapshot s;
        s.viewer = order.viewer, s.profile = order.profile, s.profile_name = order.profile ? "p5" : "p6";
        s.cpus.resize(1);
        s.guest.assign(padding, 'x');
        if (order.inspect) s.inspection = WalkInspection{}, s.inspection->linear = *order.inspect;
        return s;
    }
    // A look of the emulation, as often as it takes until done() or too long.
    template <class Done> bool emulate(Done&& done, size_t padding = 0) {
        for (const auto begin = Clock::now(); !done(); std::this_thread::sleep_for(1ms)) {
            if (Clock::now() - begin > 10s) return false;
            look(padding);
        }
        return true;
    }
    void look(size_t padding = 0) {
        ++looks;
        if (!server.wanted()) return;
        const auto wanted = server.take_orders();
        if (!wanted) return;
        attached = wanted->attached;
        std::vector<LiveSnapshot> answers;
        for (const LiveOrder& order : wanted->orders) last_order = order, answers.push_back(snapshot(order, padding));
        answered += static_cast<unsigned>(answers.size());
        if (!answers.empty()) server.answer(std::move(answers));
    }
    void finish() {
        server.finish([](const LiveOrder& order) { return snapshot(order); });
    }

    TemporaryDirectory directory;
    const std::string path = directory / "live";
    LiveServer server;
    bool attached = false;
    unsigned answered = 0, looks = 0;
    LiveOrder last_order;
};

TEST_F(LiveServerTest, GreetsShowsAndSaysGoodbye) {
    EXPECT_FALSE(server.wanted()) << "nobody is there";
    LiveClient client{path};
    const auto hello = client.line();
    ASSERT_TRUE(hello);
    EXPECT_EQ(hello->find(R"({"type": "hello", "protocol": 1, )"), 0u) << *hello;
    EXPECT_NE(hello->find(R"("profiles": ["p6", "p5"])"), std::string::npos);
    ASSERT_TRUE(emulate([&] { return answered >= 3; }));
    EXPECT_TRUE(attached);
    const auto shown = client.line_of("snapshot");
    ASSERT_TRUE(shown);
    EXPECT_NE(shown->find(R"("last": false)"), std::string::npos);
    finish();
    std::string last;
    while (auto line = client.line_of("snapshot")) last = *line;
    EXPECT_NE(last.find(R"("last": true)"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(LiveServerTest, TheLastLineTellsTheEnd) {
    LiveClient client{path};
    ASSERT_TRUE(emulate([&] { return answered >= 1; }));
    finish();
    EXPECT_TRUE(client.line_of("end"));
    EXPECT_FALSE(client.line()) << "nothing comes after it";
}

TEST_F(LiveServerTest, SendsNoMoreThanTwentySnapshotsASecond) {
    LiveClient client{path};
    const auto begin = Clock::now();
    ASSERT_TRUE(emulate([&] { return answered >= 10; }));
    EXPECT_GE(Clock::now() - begin, 9 * LiveServer::interval - 10ms);
}

TEST_F(LiveServerTest, ObeysRequests) {
    LiveClient client{path};
    client.say("profile p5\r\ninsp");
    ASSERT_TRUE(emulate([&] { return last_order.profile == 1; }));
    client.say("ect 0x1000\n");
    ASSERT_TRUE(emulate([&] { return last_order.inspect == 0x1000u; }));
    const auto inspection = client.line_of("inspection");
    ASSERT_TRUE(inspection);
    EXPECT_NE(inspection->find("\"linear\": 4096"), std::string::npos);
    const unsigned before = answered;
    ASSERT_TRUE(emulate([&] { return answered > before; }));
    EXPECT_FALSE(last_order.inspect) << "an inspection is made once";
    EXPECT_EQ(last_order.profile, 1u);
}

TEST_F(LiveServerTest, ExplainsWhatItDoesNotUnderstand) {
    LiveClient client{path};
    client.say("dance\n" + std::string(1000, 'y') + "\nprofile p5\n");
    EXPECT_NE(client.line_of("error").value_or("").find("'dance' is no request"), std::string::npos);
    EXPECT_NE(client.line_of("error").value_or("").find("at most 256 bytes"), std::string::npos);
    ASSERT_TRUE(emulate([&] { return last_order.profile == 1; })) << "what comes behind is heard";
}

TEST_F(LiveServerTest, AFloodSlowsNobodyDown) {
    LiveClient client{path}, other{path};
    const std::string flood(60000, '\n');
    std::string nonsense;
    for (int n = 0; n < 4000; ++n) nonsense += "nonsense " + std::to_string(n) + "\n";
    unsigned pushes = 0;
    ASSERT_TRUE(emulate([&] {
        pushes += client.try_to_say(flood), pushes += client.try_to_say(nonsense);
        return answered >= 20 && pushes > 3;
    }));
    EXPECT_TRUE(other.line_of("snapshot"));
    const auto begin = Clock::now();
    finish();
    EXPECT_LT(Clock::now() - begin, 3s);
}

TEST_F(LiveServerTest, AViewerThatNeverReadsIsSentNoMoreThanItsSocketHolds) {
    LiveClient deaf{path}, other{path};
    ASSERT_TRUE(emulate([&] { return attached; }));
    unsigned lines = 0;
    ASSERT_TRUE(emulate([&] { return lines += other.line_of("snapshot", 1).has_value(), lines >= 8; }, 300000));
    EXPECT_LT(answered, 2 * lines + 6) << "the deaf one's are not made";
    const auto begin = Clock::now();
    finish();
    EXPECT_LT(Clock::now() - begin, 3s);
}

TEST_F(LiveServerTest, ViewersComeAndGo) {
    for (int n = 0; n < 3; ++n) {
        LiveClient client{path};
        ASSERT_TRUE(emulate([&] { return attached; }));
        client.say("half a li");
        client.leave();
        ASSERT_TRUE(emulate([&] { return !attached; }));
    }
    EXPECT_FALSE(server.wanted());
}

TEST_F(LiveServerTest, AViewerThatHasSaidAllItHasToSayIsStillShownAll) {
    LiveClient client{path};
    client.say("profile p5\n");
    client.stop_talking();
    ASSERT_TRUE(emulate([&] { return answered >= 3 && last_order.profile == 1; }));
    EXPECT_TRUE(client.line_of("snapshot"));
}

TEST_F(LiveServerTest, RefusesMoreViewersThanItServes) {
    std::vector<std::unique_ptr<LiveClient>> clients;
    for (unsigned n = 0; n < LiveServer::most_viewers; ++n) {
        clients.push_back(std::make_unique<LiveClient>(path));
        ASSERT_TRUE(clients.back()->line_of("hello"));
    }
    LiveClient late{path};
    EXPECT_EQ(late.line().value_or(""), R"({"type": "error", "message": "there are 4 viewers already; close one of them"})");
    EXPECT_FALSE(late.line());
    clients.front()->leave();
    ASSERT_TRUE(emulate([&] { return LiveClient{path}.line().value_or("").find("hello") != std::string::npos; }));
}

TEST_F(LiveServerTest, WaitsForDescriptorsWithoutAskingAllTheTime) {
    LiveClient client{path};
    ASSERT_TRUE(emulate([&] { return attached; }));
    accept_error = EMFILE;
    LiveClient late{path};
    ASSERT_TRUE(late.connected()) << "the kernel queues it";
    const unsigned calls = accept_calls, before = answered;
    ASSERT_TRUE(emulate([&] { return answered >= before + 10; })) << "who is there is served on";
    EXPECT_LE(accept_calls - calls, 2 * 10u) << "some in a second, and not as many as the host can make";
    accept_error = 0;
    ASSERT_TRUE(late.line_of("hello"));
}

TEST(LiveServer, MayEndWithoutHavingBegun) { LiveServer server; }

}  // namespace
}  // namespace plugin
