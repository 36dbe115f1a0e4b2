// A plugin of react-markdown, see there.
export default function noPlugin(): void {}
