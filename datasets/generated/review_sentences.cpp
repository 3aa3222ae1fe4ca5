// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "datasets/generated/review_grammar.h"

namespace model_search {
namespace {

using Phrase = std::string_view;

constexpr Phrase openings[]{
    "I saw {title} {occasion}, and {reaction}",
    "{title} is a {adjective} {genre} about {hero}",
    "when I went to see {title} {occasion}, I knew nothing about it",
    "somebody told me that {title} was {adjective}, so I watched it {occasion}",
    "there are many films about {hero}, and this {genre} is a {adjective} one",
    "{title} came out in {year}, and I only caught up with it {occasion}",
    "I watched {title} {occasion} and expected a {genre} like any other",
    "what a {adjective} {film}",
    "{title} is the kind of {genre} that one calls a {kind}",
    "my neighbor lent me {title}, a {genre} from {year}",
    "I had read the book before I saw {title} {occasion}",
    "{title} is {degree} {adjective}",
    "having seen {title} {occasion}, I can say that {reaction}",
    "if you like a {genre} now and then, you may have heard of {title}",
    "it took me {number} years to see {title}, and {reaction}",
    "this {genre} is set in {place} {time}",
};

constexpr Phrase remarks[]{
    "the story is set in {place} {time}",
    "it follows {hero} who tries to {goal}",
    "{hero} comes to {place} and wants to {goal}, but then {event}",
    "everything changes when {event}",
    "then {event}, and {person} has to choose a side",
    "in the meantime {person} meets {person} in {place}",
    "after {number} days {person} gives up, and soon {event}",
    "{person} tells {person} about {thing}, which comes back in the last scene",
    "the director shows {thing} again and again",
    "the {film} was shot in {number} weeks, mostly in {place}",
    "it was made in {year} by a small studio and released in the spring",
    "the book on which it is based came out in {year}",
    "the first scene shows {person} with {thing}",
    "there is a scene in which {person} hands {person} {thing}",
    "some of it is in black and white, and the rest is in color",
    "it runs for about {number} minutes more than the version from {year}",
    "the {aspect} is by the same team that made a {genre} in {year}",
    "about halfway through, {event}",
    "we see {person} leave {place} with {thing}",
    "I do not want to give away what happens after {event}",
    "{person} has {number} days to {goal}",
    "nobody believes {person} until {event}",
    "the camera stays with {person} for most of the time",
    "the {film} begins with {event_noun} and ends with {event_noun}",
    "from then on the question is whether {person} can {goal}",
    "people who know the book will notice that {person} is missing",
    "the songs were recorded in {year}, and {number} of them are in the {film}",
    "there are {number} actors in it, and most of them play more than one part",
    "I have not seen the other {number} films of this director",
    "the {aspect} reminded me of a {genre} that I saw in {year}",
    "at one point {person} talks to {person} about the war",
    "all of this happens {time}",
    "one of the subplots is about {person} and {thing}",
    "the second half takes place in {place} and tells how {person} tries to {goal}",
};

constexpr Phrase event_nouns[]{"a funeral",   "a wedding",    "a train ride", "a birthday party",
                               "a car chase", "a long walk",  "a trial",      "a dinner",
                               "a dance",     "a phone call", "a storm",      "an auction"};

constexpr Phrase judgements[]{
    "the {aspect} is {adjective}, and the {aspect} is {adjective} too",
    "the {aspect} is {degree} {adjective}",
    "I found the {aspect} {adjective}",
    "it is a {adjective} {genre}, and the {aspect} is {adjective}",
    "{player} {performs}",
    "{player} {performs}, and the {aspect} {works}",
    "the {aspect} {works}",
    "the {aspect} {works}, even where the {aspect} does not matter much",
    "every scene with {person} is {manner} {craft}",
    "the whole thing is {manner} {craft} and {manner} {craft}",
    "what stays with me is {feature}",
    "the best way to describe it is {feature}",
    "because of {feature}, {reaction}",
    "{reaction}",
    "when {event}, {reaction}",
    "the scene in which {event} is {adjective}",
    "the scene in which {event} is {manner} {craft}",
    "it is {adjective}, {adjective} and {adjective}",
    "as a {genre} it is a {kind}",
    "for {player} this is a {kind}",
    "how {adjective} the {aspect} is",
    "rarely was the {aspect} of a {genre} so {adjective}",
    "the moment when {event} is a {kind}",
    "one thing is certain: the {aspect} {works}",
    "from the {aspect} to the {aspect}, it is {manner} {craft}",
    "{adjective} from start to finish, it is also {manner} {craft}",
    "I call it {adjective} because of {feature}",
    "with a {adjective} {genre} like this, {reaction}",
    "{feature} and the {adjective} {aspect}: {reaction}",
    "this {film} is a {kind}, {adjective} and {manner} {craft}",
    "it is such a {kind} that {reaction}",
};

// Words of both sides: a bag of words would have to guess.
constexpr Phrase concessions[]{
    "the {aspect} is {denial} {!adjective}",
    "this is {denial} {!adjective}",
    "I found the {aspect} {denial} {!adjective}",
    "although the {aspect} is {!adjective}, the {aspect} is {adjective}",
    "the {aspect} may be {!adjective}, but in the end the {aspect} {works}",
    "even if {player} {!performs}, the {film} as a whole is {adjective}",
    "people say that it is {!adjective}, but {reaction}",
    "some critics called it {!adjective}, and I could not disagree more",
    "others wrote that it was a {!kind}, which is {denial} the case",
    "I expected a {!kind}, and it turned out to be a {kind}",
    "nobody can say that the {aspect} is {!adjective}",
};

constexpr Phrase verdicts[]{
    "in the end {title} is a {kind}",
    "all in all it is a {adjective} {film}",
    "{advice}",
    "my advice: {advice}",
    "so {advice}",
    "for me it was {degree} {adjective}, so {advice}",
    "when it was over, {reaction}",
    "as I said, {reaction}",
    "taken together it is {denial} {!adjective}",
    "let me put it this way: {advice}",
    "a {kind}, {denial} a {!kind}",
    "if you ask me, {title} is {adjective}",
};

constexpr std::array<ReviewSymbol, 6> symbols{{
    {"opening", openings, openings},
    {"remark", remarks, remarks},
    {"judgement", judgements, judgements},
    {"concession", concessions, concessions},
    {"verdict", verdicts, verdicts},
    {"event_noun", event_nouns, event_nouns},
}};

}  // namespace

std::span<const ReviewSymbol> review_sentences() {
  return symbols;
}

}  // namespace model_search
