// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "datasets/generated/review_grammar.h"

namespace model_search {
namespace {

using Phrase = std::string_view;

// One phrase a line would be three times as long.
// clang-format off
constexpr Phrase good_performances[]{
    "steals every scene", "gives the performance of a lifetime", "lights up the screen",
    "is a joy to watch", "finds the heart of the part", "never strikes a false note",
    "holds the whole story together", "brings real warmth to the part", "deserves an award",
    "makes every line sing", "has never been better", "shines from start to finish",
    "breaks your heart with a single look", "carries the picture with ease", "has perfect timing",
    "turns a small part into something special", "wins us over at once",
    "plays it with grace and humor", "is in top form", "rises above the material",
    "is the best thing in it", "finds humor in every line", "plays the part to perfection",
    "is funny and sad at the same time", "glows in the quiet scenes", "commands the screen",
    "makes it look easy", "earns every laugh", "does wonders with a few words",
    "has the charm of an old friend"};
constexpr Phrase bad_performances[]{
    "ruins every scene", "gives the worst performance of the year", "fades into the wallpaper",
    "is a pain to watch", "misses the point of the part", "never strikes a true note",
    "drags the whole story down", "brings no life to the part", "deserves a better agent",
    "makes every line sound like a phone bill", "has never been worse",
    "struggles from start to finish", "stares at the wall with a single expression",
    "carries the picture like a burden", "has no timing at all", "turns a good part into a bore",
    "loses us at once", "plays it with a frown and nothing else", "is hopelessly miscast",
    "sinks below the material", "is the worst thing in it", "finds no humor in any line",
    "plays the part like a robot", "is neither funny nor sad at any time",
    "vanishes in the quiet scenes", "clutters the screen", "makes it look like hard labor",
    "kills every laugh", "does damage with a few words", "has the charm of a parking meter"};

constexpr Phrase good_works[]{
    "works", "soars", "shines", "delights", "dazzles", "sparkles", "succeeds", "pays off",
    "impresses", "enchants", "rings true", "sings", "glows", "triumphs", "excels", "amazes",
    "charms", "thrills", "captivates", "astonishes", "lifts the spirits", "hits the mark",
    "comes alive", "satisfies", "inspires"};
constexpr Phrase bad_works[]{
    "fails", "collapses", "falters", "disappoints", "grates", "stumbles", "bores", "falls flat",
    "backfires", "drags", "rings false", "sinks", "fizzles", "flops", "fumbles", "annoys", "repels",
    "irritates", "depresses", "exasperates", "dampens the spirits", "misses the mark",
    "lies there dead", "frustrates", "sags"};

constexpr Phrase good_reactions[]{
    "I laughed out loud more than once", "I was smiling from the first minute",
    "I wanted it to go on for another hour", "I forgot that I was in a cinema",
    "I cried at the end and was glad of it", "I was on the edge of my seat",
    "I have already seen it three times", "I could not look away", "I bought the disc the next day",
    "I left the cinema walking on air", "I was hooked within five minutes",
    "I cared about every one of these people", "I felt better for days",
    "I cheered when the lights went up", "I loved every minute of it",
    "I told all my friends to go", "I was moved more than I expected",
    "I held my breath in the last scene", "I enjoyed it far more than I had hoped",
    "I fell in love with these characters", "I was {feeling} from the first minute",
    "I felt {feeling} at the end", "it left me {feeling}", "I went home {feeling}",
    "I was more {feeling} than I had expected", "I sat there {feeling}, minute after minute",
    "my friends and I were {feeling}", "the {virtue} of it all left me {feeling}",
    "everybody around me looked {feeling}", "I could not help feeling {feeling}",
    "for two hours I was {feeling}", "I got more and more {feeling}",
    "I have seldom been so {feeling}", "I came out {feeling} and {feeling}",
    "I thought of the {virtue} of it for days", "I must admit that I was {feeling}",
    "I am still {feeling}"};
constexpr Phrase bad_reactions[]{
    "I did not laugh even once", "I was yawning from the first minute",
    "I wanted it to be over after half an hour", "I remembered that I had dishes to wash",
    "I groaned at the end and was glad to go", "I was falling asleep in my seat",
    "I will never sit through it again", "I could not stop looking at my watch",
    "I asked for my money back", "I left the cinema with a headache",
    "I was lost within five minutes", "I cared about none of these people",
    "I felt cheated for days", "I sighed when the lights went up", "I hated every minute of it",
    "I warned all my friends to stay away", "I was bored more than I feared",
    "I checked my phone in the last scene", "I suffered through it far longer than I should have",
    "I could not stand these characters", "I was {feeling} from the first minute",
    "I felt {feeling} at the end", "it left me {feeling}", "I went home {feeling}",
    "I was more {feeling} than I had expected", "I sat there {feeling}, minute after minute",
    "my friends and I were {feeling}", "the {virtue} of it all left me {feeling}",
    "everybody around me looked {feeling}", "I could not help feeling {feeling}",
    "for two hours I was {feeling}", "I got more and more {feeling}",
    "I have seldom been so {feeling}", "I came out {feeling} and {feeling}",
    "I thought of the {virtue} of it for days", "I must admit that I was {feeling}",
    "I am still {feeling}"};

constexpr Phrase good_advice[]{
    "go and see it", "do not miss it", "highly recommended", "treat yourself to it",
    "see it on the biggest screen you can find", "take the whole family",
    "it deserves a wide audience", "it is worth every penny", "two thumbs up",
    "it gets my highest rating", "watch it tonight", "it belongs on every shelf",
    "give it a chance and it will reward you", "buy a ticket at once",
    "I cannot recommend it enough", "it earns all ten stars"};
constexpr Phrase bad_advice[]{
    "stay at home", "do not bother with it", "not recommended", "spare yourself the pain",
    "avoid it on any screen you can find", "keep the whole family away",
    "it deserves to be forgotten", "it is not worth a penny", "two thumbs down",
    "it gets my lowest rating", "watch paint dry instead", "it belongs in the trash",
    "give it a chance and it will punish you", "save your money", "I cannot warn you enough",
    "it earns one star out of ten"};

constexpr Phrase good_features[]{
    "its sense of wonder", "its warm humor", "the sparkle of its dialogue",
    "the love in every frame", "its generous spirit", "the honesty of its feelings",
    "its real sense of fun", "the chemistry between the leads", "its quiet wisdom",
    "the care in every detail", "its wicked wit", "the thrill of the chase", "its big heart",
    "the beauty of its images", "the energy of its cast", "its {virtue}",
    "the {virtue} of the {aspect}", "its {virtue} and its {virtue}",
    "the {virtue} with which it was {craft}", "the {virtue} of {player}",
    "so much {virtue} in a single {film}", "the {virtue} of the last half hour",
    "the {adjective} {aspect}", "the {virtue} and {virtue} of it all", "the sheer {virtue} of it"};
constexpr Phrase bad_features[]{
    "its lack of ideas", "its sour humor", "the clumsiness of its dialogue",
    "the laziness in every frame", "its mean spirit", "the phoniness of its feelings",
    "its real sense of boredom", "the ice between the leads", "its cheap lessons",
    "the mistakes in every detail", "its childish jokes", "the tedium of the chase",
    "its empty head", "the ugliness of its images", "the indifference of its cast", "its {virtue}",
    "the {virtue} of the {aspect}", "its {virtue} and its {virtue}",
    "the {virtue} with which it was {craft}", "the {virtue} of {player}",
    "so much {virtue} in a single {film}", "the {virtue} of the last half hour",
    "the {adjective} {aspect}", "the {virtue} and {virtue} of it all", "the sheer {virtue} of it"};
// clang-format on

constexpr std::array<ReviewSymbol, 5> symbols{{
    {"performs", good_performances, bad_performances},
    {"works", good_works, bad_works},
    {"reaction", good_reactions, bad_reactions},
    {"advice", good_advice, bad_advice},
    {"feature", good_features, bad_features},
}};

}  // namespace

std::span<const ReviewSymbol> review_opinion_phrases() {
  return symbols;
}

}  // namespace model_search
