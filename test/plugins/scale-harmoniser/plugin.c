// scale-harmoniser: moves a note into a scale and adds the voices of a chord in that scale. A Conductor plugin: JSON in, JSON out,
// no capability. Notes are MIDI numbers, 60 is the middle C.

#include "params.h"

IMPORT("conductor", "set_result") void set_result(const char *text, u32 length);

EXPORT("alloc") u32 alloc(u32 size) { return heap_take(size); }
EXPORT("dealloc") void dealloc(u32 address, u32 size) { (void)size; heap_give(address); }
EXPORT("init") void init(void) {}

enum { OK, BAD_PARAMS };

#define HIGHEST 127
#define OCTAVE 12

struct scale {
  const char *name;
  u32 steps; // bit n: the scale has the note n semitones above its root
};

#define BITS2(a, b) (1u << (a) | 1u << (b))
#define BITS5(a, b, c, d, e) (BITS2(a, b) | BITS2(c, d) | 1u << (e))
#define BITS7(a, b, c, d, e, f, g) (BITS5(a, b, c, d, e) | BITS2(f, g))

static const struct scale SCALES[] = {
  {"major", BITS7(0, 2, 4, 5, 7, 9, 11)},
  {"minor", BITS7(0, 2, 3, 5, 7, 8, 10)},
  {"harmonic-minor", BITS7(0, 2, 3, 5, 7, 8, 11)},
  {"dorian", BITS7(0, 2, 3, 5, 7, 9, 10)},
  {"phrygian", BITS7(0, 1, 3, 5, 7, 8, 10)},
  {"lydian", BITS7(0, 2, 4, 6, 7, 9, 11)},
  {"mixolydian", BITS7(0, 2, 4, 5, 7, 9, 10)},
  {"major-pentatonic", BITS5(0, 2, 4, 7, 9)},
  {"minor-pentatonic", BITS5(0, 3, 5, 7, 10)},
  {"blues", BITS5(0, 3, 5, 7, 10) | 1u << 6},
  {"whole-tone", BITS5(0, 2, 4, 6, 8) | 1u << 10},
  {"chromatic", (1u << OCTAVE) - 1},
};
#define SCALE_COUNT ((int)(sizeof SCALES / sizeof SCALES[0]))

static char answer[512];
static u32 answer_length;

static void say(const char *text) {
  while (*text != 0 && answer_length < sizeof answer) answer[answer_length++] = *text++;
}

static void say_number(i32 number) {
  char digits[12];
  int at = sizeof digits - 1;
  u32 left = number < 0 ? -(u32)number : (u32)number;
  digits[at] = 0;
  do {
    digits[--at] = (char)('0' + left % 10);
    left /= 10;
  } while (left != 0);
  if (number < 0) digits[--at] = '-';
  say(digits + at);
}

static i32 refuse(const char *reason) {
  answer_length = 0;
  say("{\"error\":\"");
  say(reason);
  say("\"}");
  set_result(answer, answer_length);
  return BAD_PARAMS;
}

/** Semitones above C of `C`, `F#`, `Bb`; -1 for another text. */
static i32 pitch_class(const char *name) {
  static const i32 LETTERS[] = {9, 11, 0, 2, 4, 5, 7}; // A to G
  if (name[0] < 'A' || name[0] > 'G') return -1;
  i32 semitones = LETTERS[name[0] - 'A'];
  if (name[1] == 0) return semitones;
  if (name[2] != 0 || (name[1] != '#' && name[1] != 'b')) return -1;
  return (semitones + (name[1] == '#' ? 1 : OCTAVE - 1)) % OCTAVE;
}

static int in_scale(i32 note, i32 root, u32 steps) { return (steps >> ((note - root + 2 * OCTAVE) % OCTAVE)) & 1; }

/** The note of the scale nearest to `note`; of two as near, the one on the side asked for. */
static i32 quantise(i32 note, i32 root, u32 steps, int upwards) {
  for (i32 distance = 0; distance < OCTAVE; distance++) {
    i32 first = upwards ? note + distance : note - distance;
    i32 second = upwards ? note - distance : note + distance;
    if (first >= 0 && first <= HIGHEST && in_scale(first, root, steps)) return first;
    if (second >= 0 && second <= HIGHEST && in_scale(second, root, steps)) return second;
  }
  return note;
}

/** The note of the scale that is `degrees` notes of the scale above (or below) one of its notes; outside MIDI when there is none. */
static i32 move(i32 note, i32 degrees, i32 root, u32 steps) {
  i32 direction = degrees < 0 ? -1 : 1;
  for (i32 left = degrees * direction; left > 0; left--) {
    do {
      note += direction;
    } while (note >= 0 && note <= HIGHEST && !in_scale(note, root, steps));
  }
  return note;
}

static u32 steps_named(const struct value *scale) {
  if (scale->kind == ABSENT) return SCALES[0].steps;
  for (int i = 0; scale->kind == TEXT && i < SCALE_COUNT; i++)
    if (same_text(SCALES[i].name, scale->text)) return SCALES[i].steps;
  u32 steps = 0;
  for (int i = 0; scale->kind == INTEGERS && i < scale->count; i++) {
    if (scale->items[i] < 0 || scale->items[i] >= OCTAVE) return 0;
    steps |= 1u << scale->items[i];
  }
  return steps;
}

static int within(const struct value *value, i32 least, i32 most) {
  return value->kind == INTEGER && value->integer >= least && value->integer <= most;
}

static int voices_allowed(const struct value *voices) {
  if (voices->kind != INTEGERS || voices->count == 0) return 0;
  for (int i = 0; i < voices->count; i++)
    if (voices->items[i] < -21 || voices->items[i] > 21) return 0;
  return 1;
}

/** Voices that would leave MIDI are left out; two voices on one note sound once. */
static void say_chord(i32 note, const struct value *voices, i32 root, u32 steps) {
  u8 sounding[HIGHEST + 1] = {0};
  int said = 0;
  say("{\"note\":");
  say_number(note);
  say(",\"notes\":[");
  for (int i = 0; i < voices->count; i++) {
    i32 voice = move(note, voices->items[i], root, steps);
    if (voice < 0 || voice > HIGHEST || sounding[voice]) continue;
    sounding[voice] = 1;
    if (said++ > 0) say(",");
    say_number(voice);
  }
  say("]");
}

EXPORT("execute") i32 execute(const u8 *text, u32 length) {
  struct value note = {0}, velocity = {0}, root = {0}, scale = {0}, voices = {0}, toward = {0};
  const struct param PARAMS[] = {{"note", &note}, {"velocity", &velocity}, {"root", &root}, {"scale", &scale}, {"voices", &voices}, {"tie", &toward}};
  if (!read_params(text, length, PARAMS, sizeof PARAMS / sizeof PARAMS[0])) return refuse("the parameters are not a JSON object");
  if (!within(&note, 0, HIGHEST)) return refuse("note must be a whole number from 0 to 127");
  if (velocity.kind != ABSENT && !within(&velocity, 0, 127)) return refuse("velocity must be a whole number from 0 to 127");
  i32 key = root.kind == ABSENT ? 0 : root.kind == TEXT ? pitch_class(root.text) : -1;
  if (key < 0) return refuse("root must be a note name from A to G, with # or b where wanted");
  u32 steps = steps_named(&scale);
  if (steps == 0) return refuse("scale must be a name from the README or a list of semitones from 0 to 11");
  if (toward.kind != ABSENT && !(toward.kind == TEXT && (same_text(toward.text, "up") || same_text(toward.text, "down"))))
    return refuse("tie must be up or down");
  if (voices.kind == ABSENT) voices = (struct value){.kind = INTEGERS, .count = 3, .items = {0, 2, 4}};
  if (!voices_allowed(&voices)) return refuse("voices must be a list of 1 to 16 scale degrees from -21 to 21");
  answer_length = 0;
  say_chord(quantise(note.integer, key, steps, toward.kind == TEXT && same_text(toward.text, "up")), &voices, key, steps);
  if (velocity.kind == INTEGER) {
    say(",\"velocity\":");
    say_number(velocity.integer);
  }
  say("}");
  set_result(answer, answer_length);
  return OK;
}
