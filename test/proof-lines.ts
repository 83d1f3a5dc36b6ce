/** Every proof line of the product's specification, by stage: what a whole product would have to show. */

export const PROOF_LINES: Record<string, string[]> = {
  'opening': ['M1a', 'M1b', 'M2a', 'M2b', 'M3a', 'M3b', 'M3c', 'M4', 'M5a', 'M5b', 'M5c', 'M6a', 'M6b', 'M7a', 'M7b', 'M7c', 'M7d', 'M8a', 'M8b', 'M8c', 'M8d', 'M9a', 'M9b', 'M10'],
  'foundations': ['M11a', 'M11b', 'M11c', 'M12a', 'M12b', 'M12c', 'M13a', 'M13b', 'M13c', 'M14a', 'M14b', 'M14c', 'M15a', 'M15b', 'M16'],
  'communication': ['M17a', 'M17b', 'M17c', 'M18', 'M19a', 'M19b', 'M19c', 'M20', 'M21a', 'M21b', 'M21c', 'M22a', 'M22b', 'M22c', 'M23a', 'M23b'],
  'records': ['M24a', 'M24b', 'M24c', 'M24d', 'M25a', 'M25b', 'M26a', 'M26b', 'M26c', 'M27a', 'M27b', 'M28a', 'M28b', 'M28c', 'M28d'],
  'roles': ['M29', 'M30', 'M31a', 'M31b', 'M31c', 'M32a', 'M32b', 'M33a', 'M33b', 'M33c', 'M34a', 'M34b', 'M35', 'M36'],
  'drills and metrics': ['M37a', 'M37b', 'M38', 'M39a', 'M39b', 'M39c', 'M40a', 'M40b', 'M40c', 'M40d', 'M41', 'M42'],
  'containment': ['M43a', 'M43b', 'M44a', 'M44b', 'M44c', 'M45a', 'M45b', 'M45c', 'M46a', 'M46b', 'M46c', 'M47a', 'M47b', 'M47c', 'M48', 'M49'],
  'recovery': ['M50', 'M51', 'M52', 'M53a', 'M53b', 'M54a', 'M54b', 'M55'],
  'customer communication': ['M56', 'M57a', 'M57b', 'M57c', 'M58', 'M59', 'M60a', 'M60b', 'M60c', 'M60d', 'M61', 'M62'],
  'after action': ['M63', 'M64a', 'M64b', 'M64c', 'M65', 'M66', 'M67', 'M68'],
  'data and security': ['M69', 'M70a', 'M70b', 'M70c', 'M71a', 'M71b', 'M71c', 'M71d', 'M72', 'M73a', 'M73b', 'M73c', 'M74'],
  'culture': ['M75a', 'M75b', 'M76a', 'M76b', 'M77', 'M78a', 'M78b', 'M78c', 'M79', 'M80'],
};
