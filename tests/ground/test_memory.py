"""What is remembered ends with its time, its room, or a change."""

from marketplace.memory import Memory, forget_fleeting


def test_an_answer_is_made_once_until_it_is_forgotten() -> None:
    memory: Memory[int] = Memory(2, fleeting=True)
    made = iter(range(9))
    assert [memory.get("a", lambda: next(made)) for _ in range(2)] == [0, 0]
    forget_fleeting()
    assert memory.get("a", lambda: next(made)) == 1


def test_where_there_is_no_room_the_others_go() -> None:
    memory: Memory[int] = Memory(2)
    for number in range(3):
        memory.put(number, number)
    assert [memory.find(number) for number in range(3)] == [None, None, 2]


def test_what_was_being_made_during_a_change_is_not_remembered() -> None:
    memory: Memory[str] = Memory(2)

    def overtaken() -> str:
        memory.forget()  # the change is committed while this answer is made of what was before it
        return "before"

    assert memory.get("a", overtaken) == "before"
    assert memory.get("a", lambda: "after") == "after"
