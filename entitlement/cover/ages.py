"""Ages and their days: a person is looked at today, and from then on each birthday to the hundredth."""

from datetime import date

from domain.policy import Person

LAST_AGE = 100


def days_of_ages(person: Person, today: date) -> dict[int, date]:
    """Give the day on which each age is looked at: the present age today, later ones on the birthday."""
    now = person.age_on(today)
    later = {age: _birthday(person.birth_date, age) for age in range(now + 1, LAST_AGE + 1)}
    return {now: today, **later}


def _birthday(born: date, age: int) -> date:
    """Give the first day of an age: 1 March for who was born on 29 February where there is no 29th."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
