// Who you are in the playground, to be changed at any time.
import { Avatar } from "./icons";
import type { Person } from "./protocol";

export function PeopleSwitch({ people, current, choose }: { people: Person[]; current: Person; choose: (id: string) => void }) {
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
            </span>
          </label>
        ))}
      </div>
      {/* On a phone only the name fits into the switch. */}
      <p className="about-current">
        {current.name}: {current.about}
      </p>
    </fieldset>
  );
}
