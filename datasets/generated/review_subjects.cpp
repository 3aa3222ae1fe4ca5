// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "datasets/generated/review_grammar.h"

namespace model_search {
namespace {

using Phrase = std::string_view;

// One phrase a line would be three times as long.
// clang-format off
constexpr Phrase aspects[]{
    "script", "plot", "acting", "dialogue", "music", "score", "camera work", "editing", "ending",
    "pacing", "direction", "humor", "romance", "first act", "final scene", "story", "set design",
    "lighting", "sound", "opening scene", "middle part", "supporting cast", "costume design",
    "last half hour", "central idea", "narration", "soundtrack", "animation", "choice of locations",
    "love story"};
constexpr Phrase crafts[]{
    "written", "directed", "acted", "filmed", "edited", "paced", "staged", "lit", "cast", "told",
    "designed", "put together"};
constexpr Phrase players[]{
    "the lead actress", "the lead actor", "the man who plays the doctor",
    "the girl in the title part", "the boy who plays the brother",
    "the old actor in the part of the judge", "the woman who plays the mother", "the villain",
    "the dog", "the singer in the club", "the actor who plays the priest", "the young couple",
    "the narrator", "the neighbor from upstairs", "the actress in the part of the queen",
    "the best friend"};
constexpr Phrase films[]{"film", "movie", "picture", "feature"};
constexpr Phrase genres[]{
    "comedy", "drama", "thriller", "western", "musical", "war film", "horror film", "mystery",
    "love story", "road movie", "science fiction film", "crime story", "family film",
    "costume drama", "adventure", "detective story", "ghost story", "courtroom drama"};
constexpr Phrase heroes[]{
    "a retired detective", "a young teacher", "a country doctor", "a tired soldier",
    "a runaway bride", "a bank clerk", "a jazz musician", "a farmer and his daughter",
    "a student of medicine", "a taxi driver", "a widow with three sons", "a former boxer",
    "a night nurse", "a ship captain", "a newspaper reporter", "a small town sheriff",
    "a piano teacher", "a lonely baker", "a lawyer from the city", "a thief on parole",
    "a history professor", "a girl of twelve", "a railway worker", "a painter", "an astronaut",
    "a pair of twins", "a traveling salesman", "a librarian", "a chess player", "a gardener"};
constexpr Phrase persons[]{
    "the detective", "the teacher", "the doctor", "the soldier", "the bride", "the clerk",
    "the musician", "the farmer", "the student", "the driver", "the widow", "the boxer",
    "the nurse", "the captain", "the reporter", "the sheriff", "the baker", "the lawyer",
    "the thief", "the professor", "the girl", "the painter", "the stranger", "the uncle"};
constexpr Phrase places[]{
    "a fishing village", "a mining town", "the suburbs", "a seaside hotel", "a desert outpost",
    "an old theater", "a boarding school", "the capital", "a mountain inn", "a hospital ward",
    "a prison island", "a farm in the north", "a night train", "a harbor town", "an office tower",
    "a traveling circus", "a river boat", "a country house", "a space station", "a border town",
    "the old quarter of the city", "a ski resort", "a monastery", "a shopping street",
    "a military camp", "a lighthouse", "a big department store", "an apartment block"};
constexpr Phrase times[]{
    "in the winter of 1943", "in the summer of 1968", "during a heat wave", "on the eve of a war",
    "over a single weekend", "in the last days of school", "around the turn of the century",
    "in the near future", "between two holidays", "in the nineteen fifties", "in one long night",
    "during the harvest", "in the middle of a strike", "after a long drought",
    "in the weeks before an election", "at the end of the season"};
constexpr Phrase goals[]{
    "find a lost letter", "save the family house", "catch a train", "solve an old case",
    "win back a former wife", "hide a suitcase full of money", "bury a secret",
    "cross the mountains", "stage a play", "sell a stolen painting", "keep a promise",
    "raise a child alone", "start again", "prove who fired the shot", "get home before the snow",
    "learn how to dance", "find a father", "rob a casino", "repair an old boat", "finish a novel",
    "build a school", "win a cooking contest", "reach the coast", "return a borrowed car",
    "open a small restaurant", "write a song for a wedding"};
constexpr Phrase events[]{
    "a storm cuts off the road", "the police knock at the door", "an old friend returns",
    "the money disappears", "a stranger moves in next door", "a phone rings at midnight",
    "the wrong suitcase is opened", "a witness changes the story", "the bridge is closed",
    "a letter arrives ten years late", "the factory shuts down", "a child goes missing",
    "the wedding is called off", "the lights go out", "a body is found in the lake",
    "the car breaks down", "a diary turns up in the attic", "the king falls ill",
    "somebody recognizes the ring", "the train does not stop", "a rival comes to town",
    "the radio falls silent", "a debt has to be paid", "the dog runs away"};
constexpr Phrase title_adjectives[]{
    "Last", "Silent", "Red", "Long", "Hidden", "Second", "Blue", "Distant", "Wooden", "Lost",
    "Northern", "Quiet", "Golden", "Broken", "Seventh", "Paper", "Winter", "Early"};
constexpr Phrase title_nouns[]{
    "Harbor", "Garden", "Letter", "Station", "River", "Witness", "Summer", "Door", "Island",
    "Orchard", "Journey", "Mirror", "Bridge", "Hotel", "Road", "Window", "Crossing", "Lantern"};
constexpr Phrase title[]{
    "The {title_adjective} {title_noun}", "{title_noun} and {title_noun}",
    "{title_adjective} {title_noun}"};
constexpr Phrase years[]{
    "1939", "1946", "1951", "1958", "1964", "1972", "1979", "1983", "1988", "1994", "1999", "2003",
    "2006", "2010"};
constexpr Phrase numbers[]{
    "two", "three", "four", "five", "six", "seven", "eight", "ten", "twelve", "twenty", "thirty",
    "forty"};
constexpr Phrase things[]{
    "a red coat", "an old radio", "a pocket watch", "a broken mirror", "a map", "a yellow bird",
    "a bicycle", "a photograph", "a wooden box", "a pair of shoes", "a train ticket",
    "a glass of milk", "a piano", "a white horse", "an umbrella", "a ring", "a kite", "a key"};
constexpr Phrase occasions[]{
    "on television late at night", "at a festival", "with my sister", "on a long flight",
    "in a small cinema downtown", "with a full house", "at a friend's house", "on a rainy Sunday",
    "with my parents", "on an old tape", "after work on a Friday", "in a film class",
    "with my two kids", "at the drive in", "on the opening weekend", "by accident"};
constexpr Phrase degrees[]{
    "really", "truly", "quite", "simply", "rather", "often", "mostly", "nearly always",
    "surprisingly", "consistently"};
constexpr Phrase denials[]{
    "not", "never", "hardly", "anything but", "far from", "by no means", "not at all",
    "never once"};
// clang-format on

constexpr ReviewSymbol neutral(Phrase name, std::span<const Phrase> phrases, bool once = false) {
  return {name, phrases, phrases, once};
}

constexpr std::array symbols{
    neutral("aspect", aspects),
    neutral("craft", crafts),
    neutral("player", players),
    neutral("film", films),
    neutral("genre", genres, true),
    neutral("hero", heroes, true),
    neutral("person", persons),
    neutral("place", places, true),
    neutral("time", times),
    neutral("goal", goals),
    neutral("event", events),
    neutral("title", title, true),
    neutral("title_adjective", title_adjectives),
    neutral("title_noun", title_nouns),
    neutral("year", years),
    neutral("number", numbers),
    neutral("thing", things),
    neutral("occasion", occasions),
    neutral("degree", degrees),
    neutral("denial", denials),
};

}  // namespace

std::span<const ReviewSymbol> review_subjects() {
  return symbols;
}

}  // namespace model_search
