/** The one door of YAML into the house. */
export {
  type Document,
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
  parseDocument,
  type Scalar,
  stringify,
  visit,
} from 'yaml';
