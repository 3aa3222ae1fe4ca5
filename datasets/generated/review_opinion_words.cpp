// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "datasets/generated/review_grammar.h"

namespace model_search {
namespace {

using Phrase = std::string_view;

// One phrase a line would be three times as long.
// clang-format off
constexpr Phrase good_adjectives[]{
    "brilliant", "wonderful", "superb", "excellent", "delightful", "charming", "moving", "touching",
    "gripping", "thrilling", "hilarious", "witty", "clever", "elegant", "graceful", "beautiful",
    "gorgeous", "stunning", "breathtaking", "magnificent", "marvelous", "splendid", "terrific",
    "fantastic", "fabulous", "outstanding", "remarkable", "exceptional", "impressive", "memorable",
    "unforgettable", "inspired", "inventive", "imaginative", "original", "fresh", "lively", "vivid",
    "rich", "warm", "tender", "sincere", "honest", "subtle", "nuanced", "thoughtful", "intelligent",
    "profound", "haunting", "hypnotic", "absorbing", "riveting", "engrossing", "captivating",
    "enchanting", "satisfying", "rewarding", "uplifting", "heartwarming", "exhilarating",
    "masterful", "flawless", "perfect", "polished", "poignant", "refreshing", "enjoyable",
    "entertaining", "lovable", "powerful", "luminous", "playful", "daring", "convincing",
    "believable", "lovely", "great", "good", "fine", "sublime", "glorious", "radiant",
    "sensational", "spectacular", "phenomenal", "extraordinary", "amazing", "astonishing",
    "dazzling", "electrifying", "mesmerizing", "spellbinding", "enthralling", "compelling",
    "stirring", "affecting", "soulful", "heartfelt", "compassionate", "humane", "wise",
    "insightful", "perceptive", "sensitive", "literate", "articulate", "sophisticated", "stylish",
    "sleek", "crisp", "taut", "brisk", "breezy", "buoyant", "cheerful", "joyful", "exuberant",
    "spirited", "energetic", "vibrant", "colorful", "lush", "lyrical", "poetic", "magical",
    "whimsical", "delicious", "sparkling", "smart", "sharp", "funny", "amusing", "droll",
    "uproarious", "gutsy", "bold", "brave", "fearless", "visionary", "groundbreaking", "innovative",
    "accomplished", "assured", "skillful", "meticulous", "exquisite", "immaculate", "admirable",
    "commendable", "praiseworthy", "timeless", "enduring", "irresistible", "adorable", "likable",
    "winning", "appealing", "endearing", "invigorating", "gratifying", "fulfilling", "rousing",
    "triumphant", "superlative", "stellar", "peerless", "incomparable", "fascinating", "pleasing"};
constexpr Phrase bad_adjectives[]{
    "terrible", "awful", "dreadful", "horrible", "atrocious", "abysmal", "appalling", "lousy",
    "poor", "weak", "feeble", "lame", "boring", "dull", "tedious", "tiresome", "dreary", "bland",
    "flat", "lifeless", "stale", "shallow", "hollow", "empty", "pointless", "senseless", "mindless",
    "stupid", "idiotic", "silly", "ridiculous", "absurd", "laughable", "pathetic", "embarrassing",
    "clumsy", "awkward", "sloppy", "lazy", "careless", "amateurish", "cheap", "ugly", "muddled",
    "confusing", "incoherent", "messy", "bloated", "overlong", "sluggish", "predictable",
    "formulaic", "derivative", "generic", "forgettable", "mediocre", "disappointing", "frustrating",
    "annoying", "irritating", "insulting", "offensive", "unwatchable", "unconvincing",
    "implausible", "contrived", "wooden", "stilted", "hackneyed", "sappy", "mawkish", "pretentious",
    "obnoxious", "charmless", "tasteless", "dismal", "bad", "worthless", "useless", "rotten",
    "wretched", "miserable", "lamentable", "deplorable", "despicable", "repulsive", "revolting",
    "repugnant", "disgusting", "nauseating", "ghastly", "hideous", "garish", "gaudy", "drab",
    "colorless", "murky", "gloomy", "joyless", "humorless", "unfunny", "soulless", "heartless",
    "bloodless", "spineless", "toothless", "brainless", "witless", "aimless", "shapeless",
    "plodding", "ponderous", "turgid", "stodgy", "leaden", "labored", "strained", "forced", "phony",
    "fake", "insincere", "dishonest", "manipulative", "cynical", "smug", "conceited", "pompous",
    "preachy", "sanctimonious", "syrupy", "sugary", "corny", "cheesy", "trite", "banal", "vapid",
    "insipid", "tepid", "limp", "flimsy", "threadbare", "shoddy", "botched", "bungled", "inept",
    "incompetent", "crude", "coarse", "vulgar", "crass", "tacky", "trashy", "grating", "shrill",
    "tiring", "wearisome", "monotonous", "repetitive", "uninspired", "unoriginal", "unimaginative",
    "inferior", "dire", "woeful", "inane", "moronic", "nonsensical", "illogical", "disjointed"};

constexpr Phrase good_manners[]{
    "beautifully", "brilliantly", "skillfully", "superbly", "expertly", "carefully", "lovingly",
    "gracefully", "wonderfully", "cleverly", "elegantly", "sharply", "tenderly", "confidently",
    "delicately", "masterfully", "vividly", "perfectly", "impeccably", "smartly", "splendidly",
    "magnificently", "gorgeously", "exquisitely", "thoughtfully", "intelligently", "sensitively",
    "inventively", "imaginatively", "stylishly", "crisply", "deftly", "flawlessly", "admirably",
    "remarkably", "marvelously", "terrifically", "gloriously", "poetically", "patiently"};
constexpr Phrase bad_manners[]{
    "badly", "poorly", "clumsily", "terribly", "carelessly", "sloppily", "lazily", "awkwardly",
    "horribly", "crudely", "hastily", "stiffly", "incompetently", "painfully", "ineptly",
    "shoddily", "tediously", "woefully", "dreadfully", "miserably", "abysmally", "atrociously",
    "hideously", "shamefully", "thoughtlessly", "stupidly", "insensitively", "mechanically",
    "unimaginatively", "drearily", "limply", "bluntly", "wretchedly", "pathetically", "laughably",
    "embarrassingly", "disastrously", "appallingly", "heavily", "lifelessly"};

constexpr Phrase good_kinds[]{
    "triumph", "masterpiece", "gem", "treat", "delight", "joy", "treasure", "success", "marvel",
    "classic", "winner", "pleasure", "wonder", "jewel", "knockout", "revelation", "achievement",
    "miracle", "blessing", "celebration", "dream", "feast", "sensation", "gift", "hit", "charmer",
    "thrill", "landmark", "milestone", "favorite", "inspiration", "beauty", "keeper", "tonic",
    "surprise", "stunner", "victory", "highlight", "spectacle", "charm"};
constexpr Phrase bad_kinds[]{
    "disaster", "mess", "failure", "bore", "chore", "waste", "flop", "dud", "disgrace", "insult",
    "embarrassment", "letdown", "fiasco", "mistake", "nightmare", "ordeal", "travesty", "slog",
    "misfire", "catastrophe", "wreck", "farce", "torture", "trial", "punishment", "headache",
    "dump", "stinker", "turkey", "eyesore", "abomination", "swindle", "cheat", "joke", "shame",
    "crime", "calamity", "debacle", "blunder", "trap"};

constexpr Phrase good_virtues[]{
    "beauty", "wit", "charm", "grace", "warmth", "honesty", "elegance", "energy", "intelligence",
    "humanity", "tenderness", "freshness", "imagination", "originality", "sincerity", "subtlety",
    "depth", "precision", "courage", "generosity", "sparkle", "vitality", "passion", "richness",
    "poetry", "brilliance", "sweetness", "wisdom", "magic", "clarity", "craftsmanship",
    "inventiveness", "skill", "excellence", "splendor", "vigor", "delicacy", "genius", "perfection",
    "joy"};
constexpr Phrase bad_virtues[]{
    "ugliness", "stupidity", "dullness", "clumsiness", "coldness", "dishonesty", "sloppiness",
    "laziness", "idiocy", "cruelty", "crudeness", "staleness", "emptiness", "predictability",
    "phoniness", "shallowness", "silliness", "vagueness", "cowardice", "meanness", "drabness",
    "sluggishness", "boredom", "poverty", "banality", "incompetence", "bitterness", "foolishness",
    "monotony", "confusion", "carelessness", "flatness", "ineptitude", "mediocrity", "shabbiness",
    "feebleness", "coarseness", "absurdity", "inadequacy", "misery"};

constexpr Phrase good_feelings[]{
    "delighted", "happy", "moved", "thrilled", "charmed", "grateful", "enchanted", "amused",
    "captivated", "inspired", "elated", "touched", "impressed", "excited", "fascinated",
    "refreshed", "overjoyed", "enthralled", "satisfied", "cheerful", "uplifted", "dazzled",
    "amazed", "glad", "absorbed", "hooked", "enraptured", "comforted", "rewarded", "spellbound"};
constexpr Phrase bad_feelings[]{
    "bored", "annoyed", "disappointed", "irritated", "cheated", "angry", "confused", "embarrassed",
    "frustrated", "depressed", "insulted", "tired", "disgusted", "exhausted", "baffled", "sleepy",
    "appalled", "restless", "dissatisfied", "miserable", "sickened", "numbed", "horrified", "sorry",
    "distracted", "unmoved", "repelled", "offended", "robbed", "disheartened"};
// clang-format on

constexpr std::array<ReviewSymbol, 5> symbols{{
    {"adjective", good_adjectives, bad_adjectives},
    {"manner", good_manners, bad_manners},
    {"kind", good_kinds, bad_kinds},
    {"virtue", good_virtues, bad_virtues},
    {"feeling", good_feelings, bad_feelings},
}};

}  // namespace

std::span<const ReviewSymbol> review_opinion_words() {
  return symbols;
}

}  // namespace model_search
