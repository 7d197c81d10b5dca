// SPDX-License-Identifier: LGPL-2.1-or-later
// Which key is which command.
#include "commands.hpp"

namespace tools::view {

std::optional<Command> command_of(Key key, bool shift) {
    switch (key) {
        case Key::left: return shift ? Command::jump_back : Command::step_back;
        case Key::right: return shift ? Command::jump_forward : Command::step_forward;
        case Key::up: return Command::scroll_up;
        case Key::down: return Command::scroll_down;
        case Key::home: return Command::first;
        case Key::end: return Command::last;
        case Key::page_up: return Command::leap_back;
        case Key::page_down: return Command::leap_forward;
        case Key::tab: return shift ? Command::previous_panel : Command::next_panel;
        case Key::escape: return Command::leave;
        case Key::enter: return Command::maximise;
        case Key::f1: return Command::help;
        case Key::backspace: case Key::erase: return {};
    }
    return {};
}

std::optional<Command> command_of(char character) {
    switch (character) {
        case ' ': return Command::play;
        case '.': return Command::step_forward;
        case ',': return Command::step_back;
        case '+': case '=': return Command::faster;
        case '-': return Command::slower;
        case 'm': return Command::maximise;
        case 'z': return Command::zoom_in;
        case 'x': return Command::zoom_out;
        case 'g': case '/': return Command::address;
        case 'i': return Command::inspect_event;
        case 'p': return Command::profile;
        case 'c': return Command::cpu;
        case 'f': return Command::filter;
        case 'h': return Command::heat;
        case 's': return Command::screenshot;
        case '?': return Command::help;
        case 'q': return Command::quit;
        default: return {};
    }
}

}  // namespace tools::view
