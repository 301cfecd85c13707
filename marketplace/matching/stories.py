"""Stories such as runners write, made of what a coach lists and where she works, for her to try. Pure.

They are samples: each sentence is one that our understanding reads as that issue, and as nothing else.
"""

from collections.abc import Sequence

from marketplace.knowledge import catalogue
from marketplace.knowledge.facts import Words

TROUBLES = {
    "hip-drop": Words("My hip drops on the left when I get tired.", "Mon bassin s’affaisse à gauche quand je fatigue."),
    "weak-glutes": Words("My glutes never seem to fire.", "Mes fessiers ne s’activent pas."),
    "itb": Words("My IT band hurts after a run.", "Ma bandelette me fait mal après la course."),
    "shin-pain": Words("My shins hurt after every run.", "J’ai mal aux tibias après chaque sortie."),
    "low-cadence": Words("My cadence is only 156 steps a minute.", "Ma cadence n’est que de 156 pas à la minute."),
    "overstride": Words("My foot lands far in front of me.", "Mon pied se pose loin devant moi."),
    "trunk-lean": Words("I bend forward at the waist when I run.", "Je me penche vers l’avant quand je cours."),
    "heel-strike": Words("I land hard on my heels.", "J’attaque fort du talon."),
    "knee-valgus": Words("My knees cave in when I run.", "Mes genoux rentrent vers l’intérieur quand je cours."),
    "crossover": Words("My feet cross over the middle line.", "Mes pieds se croisent à chaque pas."),
    "arm-swing": Words("My arms swing across my body.", "Mes bras croisent devant mon corps."),
    "bounce": Words("I bounce up and down too much.", "Je rebondis trop à chaque pas."),
    "front-knee-pain": Words(
        "The front of my knee aches on stairs.", "J’ai mal à l’avant du genou dans les escaliers."
    ),
    "achilles-calf": Words("My Achilles tendon is stiff in the morning.", "Mon tendon d’Achille est raide le matin."),
    "hamstring": Words("My hamstring pulls when I run faster.", "Mes ischio-jambiers tirent quand j’accélère."),
    "plantar-fascia": Words("My plantar fascia hurts in the morning.", "Mon fascia plantaire me fait mal le matin."),
    "hip-flexor": Words("My hip flexors are tight after every run.", "Mes fléchisseurs de la hanche sont raides."),
    "low-back": Words("My lower back hurts on long runs.", "J’ai mal au bas du dos pendant les longues sorties."),
    "pelvic-tilt": Words("I run with an anterior pelvic tilt.", "Mon bassin bascule trop vers l’avant."),
    "pronation": Words("My foot rolls in at every step.", "Mon pied est en pronation."),
}
AIMS = {
    "1mile": Words("to run one mile faster", "courir un mille plus vite"),
    "5k": Words("to run a 5K", "courir un 5 km"),
    "10k": Words("to run a 10K", "courir un 10 km"),
    "half": Words("to run a half marathon", "courir un demi-marathon"),
    "marathon": Words("to run a marathon", "courir un marathon"),
    "ultra": Words("to run an ultra", "courir un ultra"),
}
NAMED = Words("I have trouble with this: {name}.", "J’ai un problème de {name}.")
LOOK = Words(
    "{trouble} I live in {place} and need somebody to look at my form.",
    "{trouble} J’habite à {place} et je cherche quelqu’un pour regarder ma foulée.",
)
AIM = Words(
    "{troubles} I run in {place} and want {aim} in spring. I only have time in the evening.",
    "{troubles} Je cours à {place} et je veux {aim} au printemps. Je suis libre seulement le soir.",
)
EVENING = Words(
    "{troubles} I run in {place} and only have time in the evening.",
    "{troubles} Je cours à {place} et je suis libre seulement le soir.",
)
WEEKEND = Words(
    "{trouble} I live in {place}, I am looking for a coach and I have time on weekends.",
    "{trouble} J’habite à {place}, je cherche un coach et j’ai du temps la fin de semaine.",
)


def typical(issues: Sequence[str], goals: Sequence[str], place: str, language: str) -> list[str]:
    """Three stories of runners near `place` ("Ottawa, ON") with her issues, the main ones first; none without any."""
    told = [_trouble(each, language) for each in issues]
    if not told:
        return []
    first, second, third = (told[number % len(told)] for number in range(3))
    both = " ".join(dict.fromkeys((second, third)))
    aim = next((AIMS[each].in_language(language) for each in goals if each in AIMS), None)
    frame = (AIM if aim else EVENING).in_language(language)
    return [
        LOOK.in_language(language).format(trouble=first, place=place),
        frame.format(troubles=both, place=place, aim=aim),
        WEEKEND.in_language(language).format(trouble=third, place=place),
    ]


def _trouble(issue: str, language: str) -> str:
    if issue in TROUBLES:
        return TROUBLES[issue].in_language(language)
    return NAMED.in_language(language).format(name=catalogue.issue(issue).name.in_language(language))
