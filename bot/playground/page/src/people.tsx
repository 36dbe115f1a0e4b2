// Who you are in the playground, to be changed at any time; and who else has something to read.
import { Avatar } from "./icons";
import type { Person } from "./protocol";

interface PeopleProps {
  people: Person[];
  current: Person;
  unread: string[];
  choose: (id: string) => void;
}

export function PeopleSwitch({ people, current, unread, choose }: PeopleProps) {
  const waiting = people.filter((person) => unread.includes(person.id)).map((person) => person.name);
  return (
    <fieldset className="people">
      <legend>You are</legend>
      <div className="people-list">
        {people.map((person, index) => (
          <label key={person.id} data-testid={`person-${person.id}`}>
            <input
              type="radio"
              name="person"
              className="sr-only"
              checked={person.id === current.id}
              onChange={() => choose(person.id)}
            />
            <span className="person">
              <Avatar name={person.name} kind="person" index={index} />
              <span className="person-words">
                <strong>{person.name}</strong>
                <span className="person-about">{person.about}</span>
              </span>
              {unread.includes(person.id) ? (
                <span className="dot" data-testid={`unread-${person.id}`}>
                  <span className="sr-only">, new message</span>
                </span>
              ) : null}
            </span>
          </label>
        ))}
      </div>
      {/* On a phone only the name fits into the switch. */}
      <p className="about-current">
        {current.name}: {current.about}
      </p>
      <p className="sr-only" role="status">
        {waiting.length === 0 ? "" : `New message for ${waiting.join(", ")}`}
      </p>
    </fieldset>
  );
}
